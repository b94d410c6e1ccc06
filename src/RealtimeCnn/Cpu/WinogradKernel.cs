using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Convolution by a 3×3 window that steps by one, in three stages for a chunk of tiles of m×m outputs: (m + 2)² points of each input
/// tile, a matrix product for each point, outputs of the points. Large pictures go through all stages chunk by chunk, so that
/// points stay in the cache; for small ones all points are made first, and items are pairs of output blocks.
/// </summary>
/// <remarks>
/// Twin: <see cref="ConvolutionKernel"/>, which computes an output tile that is not finite
/// after all: points mix the elements of a tile and overflow before the sums do, so that NaN and infinity would spread.
/// </remarks>
internal static unsafe class WinogradKernel
{
    /// <summary>Relative L2 that it keeps: see docs/numerics.md.</summary>
    public const double Tolerance2 = 3e-6, Tolerance4 = 5e-6;

    /// <summary>Fewest and most tiles of a chunk: each weight serves as many; fewer let the weights' memory bound the product.</summary>
    private const int FewestTiles = 32, MostTiles = 64;

    /// <summary>Floats of the points of a chunk, which should stay in the second cache.</summary>
    private const int PointsOfChunk = 1 << 17;

    /// <summary>From so many chunks on they are items of their own, in so many runs at most, each of which has memory of its own.</summary>
    private const int ManyChunks = 16, MostRuns = 32;

    /// <summary>Most pixels of a register tile with vectors of any width.</summary>
    public const int MostRowsOfAny = 8;

    /// <summary>Floats from a point's sums of a register tile to the next point's: one vector more than there are, so that points do not meet in the first cache.</summary>
    private const int SumStep = ((2 * MostRowsOfAny) + 1) * Lanes.Count;

    public static CpuDispatch Plan<TForm>(ConvolutionLayer layer, LayerCall call)
        where TForm : IWinogradForm
    {
        var g = ConvolutionGeometry.Of(layer, call);
        int points = Points<TForm>(), rows = Blocks(g.OutHeight, TForm.Outputs), columns = Blocks(g.OutWidth, TForm.Outputs);
        int tiles = checked(call.Output.Shape.Batch * rows * columns);
        int chunks = Blocks(tiles, Math.Clamp(PointsOfChunk / (points * g.InChannels), FewestTiles, MostTiles));
        bool many = chunks >= ManyChunks;
        int chunksOfRun = many ? Blocks(chunks, MostRuns) : 1, runs = Blocks(chunks, chunksOfRun), pairs = Blocks(g.OutBlocks, RegisterTile.MostBlocks);
        int length = Blocks(tiles, chunks);
        var constants = new Constants(g, rows, columns, tiles, length, chunksOfRun, chunks, pairs, ((g.InBlocks * length) + 1) * Lanes.Count);
        PackedWeights[] weights =
        [
            new(new WinogradPacking<TForm>(g.OutChannels, g.InChannels, Lanes.Count, g.InChannels), call.Parameters[0]),
            ConvolutionGeometry.PackBias(layer, call), ConvolutionKernel.PackWeights(layer, call),
        ];
        long inputs = (long)points * constants.PointStep, sums = (long)Blocks(length, RegisterTile.MostRows) * points * SumStep;
        return many
            ? CpuDispatch.Create(&Chunks<TForm>, constants, runs, weights).WithScratch(runs * inputs, runs * sums)
            : CpuDispatch.Create(&Inputs<TForm>, constants, chunks * g.InBlocks).WithScratch(chunks * inputs, chunks * pairs * sums)
                .Then(CpuDispatch.Create(&Outputs<TForm>, constants, chunks * pairs, weights));
    }

    /// <summary>All stages of runs of chunks, in the memory of the first of them.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Chunks<TForm>(CpuArguments* arguments, int from, int to)
        where TForm : IWinogradForm
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        byte* memory = stackalloc byte[Work.Bytes];
        var work = new Work(memory);
        float* points = arguments->Scratch[0] + ((long)from * Points<TForm>() * c.PointStep);
        float* sums = arguments->Scratch[1] + ((long)from * Blocks(c.Length, RegisterTile.MostRows) * Points<TForm>() * SumStep);
        for (int chunk = from * c.ChunksOfRun; chunk < Math.Min(to * c.ChunksOfRun, c.Chunks); chunk++)
        {
            for (int block = 0; block < c.Geometry.InBlocks; block++)
                TransformInput<TForm>(arguments->Inputs[0], in c, chunk, block, points, in work);
            for (int pair = 0; pair < c.Pairs; pair++)
                ComputePair<TForm>(arguments, in c, chunk, pair, points, sums, in work);
        }
    }

    /// <summary>The first stage of all chunks: an item is a block of input channels of a chunk.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Inputs<TForm>(CpuArguments* arguments, int from, int to)
        where TForm : IWinogradForm
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        byte* memory = stackalloc byte[Work.Bytes];
        var work = new Work(memory);
        for (int item = from; item < to; item++)
        {
            int chunk = Math.DivRem(item, c.Geometry.InBlocks, out int block);
            TransformInput<TForm>(arguments->Inputs[0], in c, chunk, block, arguments->Scratch[0] + ((long)chunk * Points<TForm>() * c.PointStep), in work);
        }
    }

    /// <summary>The other stages: an item is a pair of blocks of output channels of a chunk.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Outputs<TForm>(CpuArguments* arguments, int from, int to)
        where TForm : IWinogradForm
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        byte* memory = stackalloc byte[Work.Bytes];
        var work = new Work(memory);
        float* sums = arguments->Scratch[1] + ((long)from * Blocks(c.Length, RegisterTile.MostRows) * Points<TForm>() * SumStep);
        for (int item = from; item < to; item++)
        {
            int chunk = Math.DivRem(item, c.Pairs, out int pair);
            ComputePair<TForm>(arguments, in c, chunk, pair, arguments->Scratch[0] + ((long)chunk * Points<TForm>() * c.PointStep), sums, in work);
        }
    }

    /// <summary>Writes the points of one channel block of a chunk's tiles as <c>[point][block][tile][16]</c>.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void TransformInput<TForm>(float* input, in Constants c, int chunk, int block, float* points, in Work work)
        where TForm : IWinogradForm
    {
        var g = c.Geometry;
        int side = TForm.Outputs + 2, end = Math.Min((chunk + 1) * c.Length, c.Tiles);
        points += block * c.Length * Lanes.Count;
        for (int tile = chunk * c.Length; tile < end; tile++, points += Lanes.Count)
        {
            var (n, row, column) = c.Place(tile, TForm.Outputs);
            float* plane = input + ((((long)n * g.InBlocks) + block) * g.InHeight * g.InWidth * Lanes.Count);
            int top = row - g.Top, left = column - g.Left;
            float* x = plane + (((top * (long)g.InWidth) + left) * Lanes.Count);
            long step = g.InWidth * Lanes.Count;
            if (top < 0 || left < 0 || top + side > g.InHeight || left + side > g.InWidth)
            {
                Gather(in g, plane, row, column, side, work.Tile);
                x = work.Tile;
                step = side * Lanes.Count;
            }

            for (int j = 0; j < side; j++)
                TForm.Input(x + (j * Lanes.Count), step, work.Half + (j * Lanes.Count), side * Lanes.Count);
            for (int i = 0; i < side; i++)
                TForm.Input(work.Half + (i * side * Lanes.Count), Lanes.Count, points + ((long)i * side * c.PointStep), c.PointStep);
        }
    }

    /// <summary>A tile that reaches over the edge, with what the layer says lies there, and zeros where no window looks.</summary>
    private static void Gather(in ConvolutionGeometry g, float* plane, int row, int column, int side, float* tile)
    {
        for (int i = 0; i < side; i++)
        {
            int sourceRow = row + i < g.OutHeight + 2 ? g.SourceRow(row + i, 0) : -1;
            for (int j = 0; j < side; j++, tile += Lanes.Count)
            {
                int sourceColumn = sourceRow >= 0 && column + j < g.OutWidth + 2 ? g.SourceColumn(column + j, 0) : -1;
                var x = sourceColumn < 0 ? Vector512<float>.Zero : Vector512.Load(plane + (((sourceRow * (long)g.InWidth) + sourceColumn) * Lanes.Count));
                x.Store(tile);
            }
        }
    }

    /// <summary>The products of a chunk for two output blocks, <c>[register tile][point][block][tile][16]</c>, and their outputs.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void ComputePair<TForm>(CpuArguments* arguments, in Constants c, int chunk, int pair, float* points, float* sums, in Work work)
        where TForm : IWinogradForm
    {
        var g = c.Geometry;
        int count = Math.Min(c.Length, c.Tiles - (chunk * c.Length)), all = Points<TForm>();
        int rows = RegisterTile.RowsOf(count), tiles = Blocks(count, rows);
        int block = pair * RegisterTile.MostBlocks, blocks = Math.Min(RegisterTile.MostBlocks, g.OutBlocks - block);
        int offset = 0;
        float* zeros = stackalloc float[2 * Lanes.Count];
        new Span<float>(zeros, 2 * Lanes.Count).Clear();
        var tile = new RegisterTile
        {
            Offsets = &offset, Taps = 1, Channels = g.InChannels, BlockLength = Lanes.Count, BlockStride = c.Length * Lanes.Count, InputStep = Lanes.Count * sizeof(float),
            WeightStride = (nint)all * g.InChannels * Lanes.Count, Bias = zeros, OutputStride = MostRowsOfAny * Lanes.Count,
            Lower = float.NegativeInfinity, Upper = float.PositiveInfinity,
        };
        for (int point = 0; point < all; point++)
        {
            tile.Weights = arguments->Weights[0] + ((((long)block * all) + point) * g.InChannels * Lanes.Count);
            tile.Input = points + ((long)point * c.PointStep);
            tile.Output = sums + (point * SumStep);
            float* next = point + 1 < all ? tile.Weights + (g.InChannels * Lanes.Count) : arguments->Weights[0] + ((long)(block + blocks) * all * g.InChannels * Lanes.Count);
            tile.FetchAhead(next, 0, tiles);
            for (int first = 0; first < count; first += rows)
            {
                RegisterTile.Compute(&tile, Math.Min(rows, count - first), blocks);
                tile.Output += (all * SumStep) - (rows * Lanes.Count);
            }
        }

        var output = new TileOutput(arguments, in g);
        for (int first = 0; first < count; first++)
        {
            var (n, row, column) = c.Place((chunk * c.Length) + first, TForm.Outputs);
            float* from = sums + ((first / rows * (long)all * SumStep) + (first % rows * Lanes.Count));
            for (int b = 0; b < blocks; b++)
                TransformOutput<TForm>(arguments, in g, in output, n, block + b, row, column, from + (b * MostRowsOfAny * Lanes.Count), in work);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void TransformOutput<TForm>(
        CpuArguments* arguments, in ConvolutionGeometry g, in TileOutput output, int n, int block, int row, int column, float* points, in Work work)
        where TForm : IWinogradForm
    {
        int size = TForm.Outputs, side = size + 2, rows = Math.Min(size, g.OutHeight - row), columns = Math.Min(size, g.OutWidth - column);
        for (int j = 0; j < side; j++)
            TForm.Output(points + (j * SumStep), side * SumStep, work.Half + (j * Lanes.Count), side * Lanes.Count);
        var bias = Vector512.Load(arguments->Weights[1] + (block * Lanes.Count));
        // A number times zero is zero, anything else NaN.
        var check = Vector512<float>.Zero;
        for (int i = 0; i < rows; i++)
        {
            TForm.Output(work.Half + (i * side * Lanes.Count), Lanes.Count, work.Tile, Lanes.Count);
            if (column == 0 && !g.OutBorder.IsNone)
                g.ClearBorder(arguments->Output, (n * g.OutBlocks) + block, row + i);
            check = output.Store((Vector512<float>*)work.Tile, columns, bias, check, n, block, row + i, column);
        }

        if (Vector512.EqualsAll(check, Vector512<float>.Zero))
            return;
        var sums = (Vector512<float>*)work.Tile;
        for (int i = 0; i < rows; i++)
        {
            ConvolutionKernel.Sum(arguments->Inputs[0], arguments->Weights[2], in g, n, block, row + i, column, columns, bias, sums);
            ConvolutionKernel.Store(arguments, in g, n, block, row + i, column, columns, sums);
        }
    }

    /// <summary>Points of a tile.</summary>
    public static int Points<TForm>()
        where TForm : IWinogradForm => (TForm.Outputs + 2) * (TForm.Outputs + 2);

    /// <summary>Blocks that hold so many.</summary>
    public static int Blocks(int count, int block) => (count + block - 1) / block;

    /// <summary>How sums become outputs.</summary>
    private readonly ref struct TileOutput
    {
        private readonly CpuArguments* _arguments;
        private readonly ref readonly ConvolutionGeometry _geometry;
        private readonly Vector512<float> _lower, _upper;

        public TileOutput(CpuArguments* arguments, ref readonly ConvolutionGeometry geometry)
        {
            _arguments = arguments;
            _geometry = ref geometry;
            var (lower, upper) = geometry.Activation.Bounds();
            (_lower, _upper) = (Vector512.Create(lower), Vector512.Create(upper));
        }

        /// <summary>Adds bias and residual, applies the activation, and stores; zero is added to the check for every sum that is finite, NaN for others.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Store(Vector512<float>* sums, int count, Vector512<float> bias, Vector512<float> check, int n, int block, int row, int column)
        {
            ref readonly var g = ref _geometry;
            float* y = _arguments->Output + g.OutputAt(n, block, row, column);
            float* residual = g.Residual == 0 ? null : _arguments->Inputs[1] + g.ResidualAt(n, block, row, column);
            int channels = g.OutChannels - (block * Lanes.Count);
            for (int j = 0; j < count; j++)
            {
                check = Lanes.MultiplyAdd(sums[j], Vector512<float>.Zero, check);
                var sum = sums[j] + bias;
                if (residual != null)
                    sum += Vector512.LoadAligned(residual + (j * Lanes.Count));
                Lanes.KeepFirst(Lanes.Min(_upper, Lanes.Max(_lower, sum)), channels).StoreAligned(y + (j * Lanes.Count));
            }

            g.Activation.ApplyCurve(y, count, channels);
            return check;
        }
    }

    /// <summary>A tile as it is read or written, and one that is transformed along one axis, in aligned memory.</summary>
    private readonly struct Work
    {
        private const int Most = 36 * Lanes.Count;

        public const int Bytes = (2 * Most * sizeof(float)) + Alignment;

        private const int Alignment = Lanes.Count * sizeof(float);

        public Work(byte* memory)
        {
            Tile = (float*)(((nint)memory + Alignment - 1) & -Alignment);
            Half = Tile + Most;
        }

        public readonly float* Tile;

        public readonly float* Half;
    }

    private readonly record struct Constants(ConvolutionGeometry Geometry, int Rows, int Columns, int Tiles, int Length, int ChunksOfRun, int Chunks, int Pairs, int PointStep)
    {
        /// <summary>The image and the first output of a tile.</summary>
        public (int Image, int Row, int Column) Place(int tile, int size)
        {
            tile = Math.DivRem(tile, Columns, out int column);
            int n = Math.DivRem(tile, Rows, out int row);
            return (n, row * size, column * size);
        }
    }
}
