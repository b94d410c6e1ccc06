namespace RealtimeCnn.Tracking;

/// <summary>
/// Assigns columns to rows, at most one to each, so that the sum of their similarities is largest. A pair without similarity is never
/// made: for each row there is a column more that means none.
/// </summary>
/// <remarks>
/// Shortest augmenting paths with potentials: O(rows²·(rows + columns)). Source: Jonker and Volgenant 1987, "A Shortest Augmenting Path
/// Algorithm for Dense and Sparse Linear Assignment Problems", Computing 38.
/// </remarks>
internal sealed class Assignment
{
    /// <summary>Cost of a pair that must not be: more than that of none, which is 0.</summary>
    private const double Refused = 1e6;

    private const int Nothing = -1;
    private readonly float[] _similarity;
    private readonly double[] _rowPotential, _columnPotential, _distance;
    private readonly int[] _rowOf, _cameFrom, _columnOf;
    private readonly bool[] _isDone;
    private int _rows, _columns;

    public Assignment(int mostRows, int mostColumns)
    {
        int width = mostRows + mostColumns;
        _similarity = new float[mostRows * mostColumns];
        (_rowPotential, _columnOf) = (new double[mostRows], new int[mostRows]);
        (_columnPotential, _distance, _rowOf, _cameFrom, _isDone) = (new double[width], new double[width], new int[width], new int[width], new bool[width]);
    }

    /// <summary>Begins anew, with no similarities.</summary>
    public void Begin(int rows, int columns)
    {
        (_rows, _columns) = (rows, columns);
        Array.Clear(_similarity, 0, rows * columns);
    }

    /// <summary>Similarity of a pair, in [0, 1]; 0 for one that must not be.</summary>
    public void Set(int row, int column, float similarity) => _similarity[(row * _columns) + column] = similarity;

    /// <summary>Assigns.</summary>
    /// <returns>For each row its column, or −1.</returns>
    public ReadOnlySpan<int> Solve()
    {
        int width = _columns + _rows;
        Array.Clear(_rowPotential, 0, _rows);
        Array.Clear(_columnPotential, 0, width);
        Array.Fill(_rowOf, Nothing, 0, width);
        for (int row = 0; row < _rows; row++)
            Augment(row, width);
        Array.Fill(_columnOf, Nothing, 0, _rows);
        for (int column = 0; column < _columns; column++)
        {
            if (_rowOf[column] >= 0)
                _columnOf[_rowOf[column]] = column;
        }

        return _columnOf.AsSpan(0, _rows);
    }

    private double Cost(int row, int column) =>
        column >= _columns ? 0 : _similarity[(row * _columns) + column] is > 0 and var similarity ? -similarity : Refused;

    /// <summary>Finds the cheapest way to give one more row a column, moving others where that is cheaper (Dijkstra's algorithm).</summary>
    private void Augment(int start, int width)
    {
        Array.Fill(_distance, double.PositiveInfinity, 0, width);
        Array.Clear(_isDone, 0, width);
        int row = start, last = Nothing;
        double length = 0;
        while (true)
        {
            int nearest = Nothing;
            for (int column = 0; column < width; column++)
            {
                if (_isDone[column])
                    continue;
                double distance = length + Cost(row, column) - _rowPotential[row] - _columnPotential[column];
                if (distance < _distance[column])
                    (_distance[column], _cameFrom[column]) = (distance, last);
                if (nearest < 0 || _distance[column] < _distance[nearest])
                    nearest = column;
            }

            length = _distance[nearest];
            _isDone[nearest] = true;
            last = nearest;
            if (_rowOf[nearest] < 0)
                break;
            row = _rowOf[nearest];
        }

        for (int column = 0; column < width; column++)
        {
            if (!_isDone[column])
                continue;
            double slack = length - _distance[column];
            _columnPotential[column] -= slack;
            if (column != last)
                _rowPotential[_rowOf[column]] += slack;
        }

        _rowPotential[start] += length;
        for (int column = last; column >= 0;)
        {
            int before = _cameFrom[column];
            _rowOf[column] = before < 0 ? start : _rowOf[before];
            column = before;
        }
    }
}
