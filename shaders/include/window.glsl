// Where a sliding window reads. Twin: Window.Source, src/RealtimeCnn/Layers/Window.cs

#ifndef WINDOW_GLSL
#define WINDOW_GLSL

const int PADDING_ZERO = 0;
const int PADDING_REPLICATE = 1;
const int PADDING_REFLECT = 2;

// The element of an axis that a position reads, or -1 for a zero.
int sourceIndex(int index, int length, int mode)
{
    if (index >= 0 && index < length)
        return index;
    if (mode == PADDING_REPLICATE)
        return clamp(index, 0, length - 1);
    if (mode == PADDING_REFLECT)
    {
        int period = max(2 * (length - 1), 1);
        int folded = abs(index) % period;  // % of a negative number is undefined
        return folded < length ? folded : period - folded;
    }
    return -1;
}

#endif
