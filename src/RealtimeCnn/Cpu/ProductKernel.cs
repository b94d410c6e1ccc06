using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Products of matrices in register tiles: <see cref="Linear"/> for a batch, and <see cref="MatMul"/>. A row of the left matrix is
/// what a pixel is to a convolution, a column of the right one what an output channel is. The right matrix is read in blocks of 16
/// columns, as the weight of a linear layer is packed; another is brought there first. An item is some rows by a pair of blocks.
/// Each sum runs over the inner extent in order.
/// </summary>
/// <remarks>Twins: <see cref="LinearKernel"/>, <see cref="MatMulKernel"/>.</remarks>
internal static unsafe class ProductKernel
{
    /// <summary>Most rows of an item.</summary>
    private const int MostRowsOfItem = 64;

    /// <summary>Rows of an item where there are few: a tile of a single block.</summary>
    private const int FewRowsOfItem = 16;

    /// <summary>Items that are enough for all threads.</summary>
    private const int EnoughItems = 8;

    /// <summary>Elements of a row that are read before rows are asked for their next ones.</summary>
    private const int Stretch = 64;

    /// <summary>Vectors of an item, and one more, so that they can begin where an aligned one may.</summary>
    private const int RoomOfItem = (2 * MostRowsOfItem) + 1;

    /// <summary>Fewest rows for which arranging a matrix costs less than the tile saves.</summary>
    private const int FewestRows = 4;

    /// <summary>Whether weights serve more than one row. A single one is a matrix times a vector, which waits for memory.</summary>
    public static bool Pays(Linear layer, LayerCall call) => call.Input.Shape.Batch > 1;

    /// <summary>Whether the rows are worth arranging the right matrix.</summary>
    public static bool Pays(MatMul layer, LayerCall call) => Products.Of(call).Rows >= FewestRows;

    public static CpuDispatch Plan(Linear layer, LayerCall call) => Plan(
        call, layer.InFeatures, layer.OutFeatures, layer.Activation, LinearKernel.PackWeights(layer, call), VectorPacking.BiasOf(call, layer.OutFeatures, Lanes.Count));

    /// <summary>A batch of vectors times a matrix, where the call says how both batches lie.</summary>
    /// <param name="call">Its first input and its output are the batches.</param>
    /// <param name="inputs">Elements of each vector.</param>
    /// <param name="outputs">Elements of each result.</param>
    /// <param name="activation">Applied to each sum.</param>
    /// <param name="weights">The matrix as <c>[outputs/16][inputs][16]</c>.</param>
    /// <param name="bias">Added to each sum, in whole blocks.</param>
    public static CpuDispatch Plan(LayerCall call, int inputs, int outputs, Activation activation, PackedWeights weights, PackedWeights bias)
    {
        int rows = call.Input.Shape.Batch;
        var constants = Constants.Of(rows, inputs, outputs, Pitch(call.Input, inputs), Pitch(call.Output, outputs), activation);
        return CpuDispatch.Create(&Linear, constants, constants.Items, weights, bias);
    }

    public static CpuDispatch Plan(LayerCall call)
    {
        var products = Products.Of(call);
        var (rows, inner, columns, batch) = (products.Rows, products.Inner, products.Columns, products.Batch);
        var constants = Constants.Of(rows, inner, columns, inner, columns, Activation.None, products.Count) with { Levels = batch.Extents.Length };
        int[] table = [.. batch.Extents, .. batch.Strides[0], .. batch.Strides[1]];
        int matrices = inner == 0 || columns == 0 ? 0 : call.Inputs[1].Shape.Count / (inner * columns);
        return CpuDispatch.Create(&Arrange, constants, matrices * constants.Blocks)
            .Then(CpuDispatch.CreateWithTable(&Multiply, constants, table, checked(products.Count * constants.Items)))
            .WithScratch((long)matrices * constants.Blocks * inner * Lanes.Count);
    }

    private static float* Aligned(Vector512<float>* room) => (float*)(((nuint)room + (nuint)sizeof(Vector512<float>) - 1) & ~((nuint)sizeof(Vector512<float>) - 1));

    /// <summary>Floats from a row of a batch of vectors to the next.</summary>
    public static int Pitch(TensorInfo info, int elements) => info.Layout == Layout.Plain ? elements : BlockedLayout.Blocks(elements, Lanes.Count) * Lanes.Count;

    [MethodImpl(KernelCode.Optimized)]
    private static void Linear(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var room = stackalloc Vector512<float>[RoomOfItem];
        float* sums = Aligned(room);
        for (int item = from; item < to; item++)
            ComputeItem(in c, item, arguments->Inputs[0], arguments->Weights[0], arguments->Weights[1], arguments->Output, sums);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Multiply(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* extents = CpuDispatch.Table<Constants>(arguments);
        var room = stackalloc Vector512<float>[RoomOfItem];
        float* sums = Aligned(room);
        for (int item = from; item < to; item++)
        {
            var (product, part) = Math.DivRem(item, c.Items);
            long left = 0, right = 0, rest = product;
            for (int level = c.Levels - 1; level >= 0; level--)
            {
                (rest, long index) = Math.DivRem(rest, extents[level]);
                left += index * extents[c.Levels + level];
                right += index * extents[(2 * c.Levels) + level];
            }

            ComputeItem(
                in c, part, arguments->Inputs[0] + (left * c.Rows * c.Inner), arguments->Scratch[0] + (right * c.Blocks * c.Inner * Lanes.Count),
                null, arguments->Output + ((long)product * c.Rows * c.Columns), sums);
        }
    }

    /// <summary>Some rows by a pair of blocks of columns.</summary>
    /// <param name="c">The product.</param>
    /// <param name="item">Which rows and columns.</param>
    /// <param name="left">The left matrix.</param>
    /// <param name="right">The right one, <c>[columns/16][inner][16]</c>.</param>
    /// <param name="bias">What sums begin with, in whole blocks; null for 0.</param>
    /// <param name="output">The product.</param>
    /// <param name="sums">Room for the item, where its sums are not what is stored.</param>
    [MethodImpl(KernelCode.Optimized)]
    private static void ComputeItem(in Constants c, int item, float* left, float* right, float* bias, float* output, float* sums)
    {
        var (run, column, index, tiles) = c.Place(item);
        int block = column * RegisterTile.MostBlocks, blocks = Math.Min(RegisterTile.MostBlocks, c.Blocks - block);
        int first = run * c.RowsOfItem, rows = Math.Min(c.RowsOfItem, c.Rows - first), columns = c.Columns - (block * Lanes.Count);
        bool direct = columns >= blocks * Lanes.Count && !c.Activation.HasCurve();
        int offset = 0;
        var zeros = stackalloc Vector512<float>[2];
        zeros[0] = zeros[1] = default;
        var tile = new RegisterTile
        {
            Input = left + ((long)first * c.InPitch), InputStep = (nint)c.InPitch * sizeof(float), Offsets = &offset, Taps = 1, Channels = c.Inner,
            BlockLength = Stretch, BlockStride = Stretch, Weights = right + ((long)block * c.Inner * Lanes.Count), WeightStride = (nint)c.Inner * Lanes.Count,
            Bias = bias == null ? (float*)zeros : bias + (block * Lanes.Count),
        };
        (tile.Lower, tile.Upper) = c.Activation.Bounds();
        float* y = output + ((long)first * c.OutPitch) + (block * Lanes.Count);
        tile.Output = direct ? y : sums;
        tile.OutputStep = direct ? c.OutPitch : Lanes.Count;
        tile.OutputStride = direct ? Lanes.Count : MostRowsOfItem * Lanes.Count;
        tile.FetchAhead(tile.Weights + (blocks * tile.WeightStride), index, tiles);
        RegisterTile.ComputeRow(&tile, rows, blocks);
        for (int b = 0; b < blocks && !direct; b++, sums += MostRowsOfItem * Lanes.Count, y += Lanes.Count, columns -= Lanes.Count)
        {
            c.Activation.ApplyCurve(sums, rows, columns);
            Copy(sums, rows, columns, y, c.OutPitch, c.OutPitch == c.Columns);
        }
    }

    /// <summary>Stores a block of columns: those of the matrix, and zeros behind the last where its rows end with a block.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Copy(float* from, int rows, int columns, float* to, int pitch, bool ends)
    {
        for (int row = 0; row < rows; row++, from += Lanes.Count, to += pitch)
        {
            if (!ends || columns >= Lanes.Count)
                Lanes.KeepFirst(Vector512.Load(from), columns).Store(to);
            for (int lane = 0; lane < columns && ends && columns < Lanes.Count; lane++)
                to[lane] = from[lane];
        }
    }

    /// <summary>Brings right matrices into blocks of columns: an item is a block. Behind the last column are zeros.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Arrange(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var (matrix, block) = Math.DivRem(item, c.Blocks);
            int columns = Math.Min(Lanes.Count, c.Columns - (block * Lanes.Count));
            float* x = arguments->Inputs[1] + ((long)matrix * c.Inner * c.Columns) + (block * Lanes.Count), y = arguments->Scratch[0] + ((long)item * c.Inner * Lanes.Count);
            for (int k = 0; k < c.Inner; k++, x += c.Columns, y += Lanes.Count)
            {
                if (columns == Lanes.Count)
                {
                    Vector512.Load(x).Store(y);
                    continue;
                }

                Vector512<float>.Zero.Store(y);
                for (int lane = 0; lane < columns; lane++)
                    y[lane] = x[lane];
            }
        }
    }

    /// <summary>The products of a <see cref="MatMul"/>: rows of left matrices that meet the same right one are rows of one product.</summary>
    private readonly record struct Products(int Count, int Rows, int Inner, int Columns, BroadcastLoop Batch)
    {
        public static Products Of(LayerCall call)
        {
            var (rows, inner, columns, batch) = MatMul.Geometry(call.Inputs[0].Shape, call.Inputs[1].Shape);
            int count = rows == 0 || columns == 0 ? 0 : call.Output.Shape.Count / (rows * columns);
            bool isOne = batch is { Extents: [var extent], Strides: [[1], [0]] } && extent == count;
            return isOne ? new Products(1, count * rows, inner, columns, new BroadcastLoop([1], [[0], [0]])) : new Products(count, rows, inner, columns, batch);
        }
    }

    /// <param name="Rows">Rows of a left matrix.</param>
    /// <param name="Inner">Its columns.</param>
    /// <param name="Columns">Columns of a right matrix.</param>
    /// <param name="Blocks">As many blocks of 16.</param>
    /// <param name="InPitch">Floats from a row of the left matrix to the next.</param>
    /// <param name="OutPitch">The same of the product.</param>
    /// <param name="WeightsFirst">Whether items that read the same columns follow each other, and not items that read the same rows.</param>
    /// <param name="Activation">Applied to each sum.</param>
    private readonly record struct Constants(int Rows, int Inner, int Columns, int Blocks, int InPitch, int OutPitch, bool WeightsFirst, Activation Activation)
    {
        /// <summary>Loops over a batch of products.</summary>
        public int Levels { get; init; }

        /// <summary>Items of a product.</summary>
        public int Items => Runs * Pairs;

        /// <summary>Rows of an item; how many of them an item has changes no sum.</summary>
        public int RowsOfItem { get; init; }

        private int Runs => (Rows + RowsOfItem - 1) / RowsOfItem;

        private int Pairs => (Blocks + RegisterTile.MostBlocks - 1) / RegisterTile.MostBlocks;

        /// <summary>The larger of the matrices is read once, the smaller stays in the cache meanwhile.</summary>
        public static Constants Of(int rows, int inner, int columns, int inPitch, int outPitch, Activation activation, int products = 1)
        {
            var constants = new Constants(rows, inner, columns, BlockedLayout.Blocks(columns, Lanes.Count), inPitch, outPitch, columns > rows, activation) { RowsOfItem = MostRowsOfItem };
            return (long)constants.Items * products < EnoughItems ? constants with { RowsOfItem = FewRowsOfItem } : constants;
        }

        /// <summary>Which rows and which pair of blocks an item has; its first tile among those that fetch the next columns, and how many those are.</summary>
        public (int Run, int Pair, int Index, int Tiles) Place(int item)
        {
            int tilesOfRun = RowsOfItem / RegisterTile.MostRows;
            if (WeightsFirst)
            {
                var (column, part) = Math.DivRem(item, Runs);
                return (part, column, part * tilesOfRun, (Rows + RegisterTile.MostRows - 1) / RegisterTile.MostRows);
            }

            var (run, pair) = Math.DivRem(item, Pairs);
            return (run, pair, run == 0 ? 0 : tilesOfRun * Stretch, tilesOfRun);
        }
    }
}
