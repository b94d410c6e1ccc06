// What is left of x when everything up to a threshold is taken away.
float shrink(float x, float threshold)
{
    return x - clamp(x, -threshold, threshold);
}
