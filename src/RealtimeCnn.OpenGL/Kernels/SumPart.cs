namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>The part of a convolution's sum that one dispatch adds: rows, columns and channels of the window, from first to before end.</summary>
internal readonly record struct SumPart(int FirstRow, int EndRow, int FirstColumn, int EndColumn, int FirstChannel, int EndChannel, int IsFirst, int IsLast)
{
    /// <summary>Parts whose loops, all together, have at most <see cref="Lanes.MostTurns"/> turns each; in the order of the sum.</summary>
    /// <param name="rows">Of the window.</param>
    /// <param name="columns">Of the window.</param>
    /// <param name="channels">Turns along channels, as the shader walks them.</param>
    /// <param name="turnsPerChannel">How many turns one of them counts for, those of an inner loop included.</param>
    public static IEnumerable<SumPart> Cut(int rows, int columns, int channels, int turnsPerChannel)
    {
        int channelStep = Math.Min(channels, Lanes.MostTurns / 2 / turnsPerChannel);
        int turnsPerColumn = 2 + (channelStep * turnsPerChannel);
        int columnStep = channelStep < channels ? 1 : Math.Clamp(Lanes.MostTurns / 2 / turnsPerColumn, 1, columns);
        int rowStep = columnStep < columns ? 1 : Math.Clamp(Lanes.MostTurns / (2 + (columnStep * turnsPerColumn)), 1, rows);
        for (int row = 0; row < rows; row += rowStep)
        {
            for (int column = 0; column < columns; column += columnStep)
            {
                for (int channel = 0; channel < channels; channel += channelStep)
                {
                    int endRow = Math.Min(row + rowStep, rows), endColumn = Math.Min(column + columnStep, columns), endChannel = Math.Min(channel + channelStep, channels);
                    bool isFirst = (row, column, channel) == (0, 0, 0), isLast = (endRow, endColumn, endChannel) == (rows, columns, channels);
                    yield return new SumPart(row, endRow, column, endColumn, channel, endChannel, isFirst ? 1 : 0, isLast ? 1 : 0);
                }
            }
        }
    }
}
