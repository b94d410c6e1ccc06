namespace RealtimeCnn.Layers;

/// <summary>One loop of a <see cref="StridedView"/>: which output axis it belongs to, how often it runs, and what a turn adds to a coordinate of the source.</summary>
/// <param name="OutputAxis">The output axis it is part of.</param>
/// <param name="Extent">Turns, at least 1.</param>
/// <param name="SourceAxis">The source axis it moves along; any where the step is 0.</param>
/// <param name="Step">Elements along that axis for each turn; negative backwards, 0 to repeat.</param>
internal readonly record struct Digit(int OutputAxis, int Extent, int SourceAxis, int Step);

/// <summary>
/// Where each element of an output is found in its source, when coordinates are sums of steps: an index along an output axis is
/// written as digits (outermost first), and each digit moves along one source axis. Slices, transpositions, repeats, shuffles
/// and the moves between depth and space are all of this kind.
/// </summary>
/// <param name="Start">The source coordinate of the output's first element, along each source axis.</param>
/// <param name="Digits">The digits of all output axes, outermost first, axis by axis; an axis of extent 1 may have none.</param>
internal sealed record StridedView(int[] Start, Digit[] Digits)
{
    /// <summary>
    /// What an index along one output axis adds to the source's channel, and to its pixel counted through the batch items as
    /// they lie in a layout. The first output axis also carries the start.
    /// </summary>
    public (int Channel, int Pixel)[] Contributions(Shape source, Shape output, int outputAxis, Layout layout, int block)
    {
        Digit[] digits = [.. Digits.Where(digit => digit.OutputAxis == outputAxis)];
        var result = new (int Channel, int Pixel)[output[outputAxis]];
        for (int index = 0; index < result.Length; index++)
        {
            int rest = index;
            for (int d = digits.Length - 1; d >= 0; d--)
            {
                var (channel, pixel) = Step(digits[d], source, layout, block);
                int turn = rest % digits[d].Extent;
                result[index] = (result[index].Channel + (turn * channel), result[index].Pixel + (turn * pixel));
                rest /= digits[d].Extent;
            }
        }

        return result;
    }

    /// <summary>The source's channel and pixel of the output's first element.</summary>
    public (int Channel, int Pixel) Origin(Shape source, Layout layout, int block)
    {
        var origin = (Channel: 0, Pixel: 0);
        for (int axis = 0; axis < source.Rank; axis++)
        {
            var (channel, pixel) = Step(new Digit(0, 1, axis, Start[axis]), source, layout, block);
            origin = (origin.Channel + channel, origin.Pixel + pixel);
        }

        return origin;
    }

    /// <summary>The source's channel for each channel of the output, where all other axes stay as they are; else null.</summary>
    public int[]? Channels(Shape source, Shape output)
    {
        if (source.Rank != output.Rank || source.Rank < 2)
            return null;
        for (int axis = 0; axis < source.Rank; axis++)
        {
            Digit[] digits = [.. Digits.Where(digit => digit.OutputAxis == axis && digit.Extent > 1)];
            bool stays = source[axis] == output[axis] && Start[axis] == 0 && (digits.Length == 0 || digits is [{ Step: 1, SourceAxis: var along }] && along == axis);
            if (axis == 1 ? digits.Any(digit => digit.SourceAxis != 1 && digit.Step != 0) : !stays)
                return null;
        }

        return [.. Contributions(source, output, 1, Layout.Plain, 1).Select(added => Start[1] + added.Channel)];
    }

    /// <summary>What one turn of a digit adds to the source's channel and pixel.</summary>
    public static (int Channel, int Pixel) Step(Digit digit, Shape source, Layout layout, int block)
    {
        int channelAxis = source.Rank == 1 ? 0 : 1;
        if (digit.Step == 0)
            return (0, 0);
        if (digit.SourceAxis == channelAxis)
            return (digit.Step, 0);
        if (digit.SourceAxis > 1)
            return (0, digit.Step * source.Product(digit.SourceAxis + 1, source.Rank));
        int channels = layout == Layout.Blocked ? BlockedLayout.Blocks(source.Channels, block) : source.Channels;
        return (0, digit.Step * channels * source.Area);
    }
}
