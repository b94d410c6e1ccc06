using System.Numerics;

namespace RealtimeCnn.Heads;

/// <summary>Grids of cells that cover an input, one place in each, coarser from stride to stride.</summary>
/// <param name="strides">Pixels of the input to a cell, of each grid.</param>
/// <param name="input">Size of the input; a last cell may reach past its edge.</param>
internal sealed class StridedCells(IReadOnlyList<int> strides, Size2d input)
{
    private readonly HeadGrid[] _grids = [.. strides.Select(stride => new HeadGrid(
        (input.Height + stride - 1) / stride, (input.Width + stride - 1) / stride, new Vector2(stride), [new Vector2(stride)]) { Scores = default, Boxes = default })];

    /// <summary>Places of all grids.</summary>
    public int Places => _grids.Sum(grid => grid.Places);

    /// <summary>The grids with their fields.</summary>
    /// <param name="complete">Gets a grid, its number, and how many places come before.</param>
    public HeadGrid[] Grids(Func<HeadGrid, int, int, HeadGrid> complete)
    {
        int first = 0;
        return [.. _grids.Select((grid, number) =>
        {
            var done = complete(grid, number, first);
            first += grid.Places;
            return done;
        })];
    }
}
