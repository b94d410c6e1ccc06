// Winograd's F(4, 3): y = At[(G w Gt) * (Bt x B)]A gives 4×4 outputs of a 3×3 window with 36 products instead of 144, by the points 0,
// ±sqrt(1/2), ±sqrt(2) and infinity. Twin: Winograd4, src/RealtimeCnn/Cpu/WinogradForm.cs. Needs include/convolution.glsl.
//
// Source    Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308.

#ifndef WINOGRAD_GLSL
#define WINOGRAD_GLSL

#define WINOGRAD_POINTS 36

const float ROOT2 = 1.41421356;
const float ROOT_HALF = 0.70710678;

// Bt x: six inputs to as many points.
#define WINOGRAD_INPUT(x0, x1, x2, x3, x4, x5, p0, p1, p2, p3, p4, p5) \
    { \
        vec4 evenInner = x4 - 2.0 * x2, oddInner = ROOT_HALF * x3 - ROOT2 * x1; \
        vec4 evenOuter = x4 - 0.5 * x2, oddOuter = ROOT2 * x3 - ROOT_HALF * x1; \
        p0 = x0 + x4 - 2.5 * x2; \
        p1 = evenInner + oddInner; \
        p2 = evenInner - oddInner; \
        p3 = evenOuter + oddOuter; \
        p4 = evenOuter - oddOuter; \
        p5 = x1 + x5 - 2.5 * x3; \
    }

// At p: six points to four outputs.
#define WINOGRAD_OUTPUT(p0, p1, p2, p3, p4, p5, y0, y1, y2, y3) \
    { \
        vec4 evenInner = p1 + p2, oddInner = p1 - p2, evenOuter = p3 + p4, oddOuter = p3 - p4; \
        y0 = p0 + (evenInner + evenOuter); \
        y1 = ROOT2 * oddOuter + ROOT_HALF * oddInner; \
        y2 = 2.0 * evenOuter + 0.5 * evenInner; \
        y3 = 2.0 * ROOT2 * oddOuter + (0.5 * ROOT_HALF * oddInner + p5); \
    }

// Tiles of 4×4 outputs along an axis.
int tilesOf(int outputs)
{
    return (outputs + 3) / 4;
}

// The first output of a tile, of tilesOf(outHeight) * tilesOf(outWidth) in each picture.
Place placeOfTile(int block, int tile)
{
    int across = tilesOf(outWidth), inPicture = tilesOf(outHeight) * across;
    int n = quotient(tile, inPicture);
    int rest = tile - n * inPicture;
    int row = quotient(rest, across);
    return Place(n, block, row * 4, (rest - row * across) * 4);
}

// Where an output of the tile at p lies.
int indexOf(Place p, int row, int column)
{
    return ((p.n * blocksOf(outChannels) + p.block) * outHeight + p.row + row) * outWidth + p.column + column;
}

// A number whose exponent is all ones is an infinity or a NaN. Points mix the elements of a tile and overflow before the sums do, so
// that these would spread: where one is met, the tile is computed directly.
const int EXPONENT = 0x7F800000;

// The sum of a pixel as layers/conv2d.comp computes it.
vec4 directSum(Place p)
{
    int inBlocks = blocksOf(inChannels), inArea = inHeight * inWidth;
    vec4 sum = LOAD(bias, p.block);
    for (int tap = 0; tap < 9; ++tap)
    {
        int row = sourceRow(p, tap / 3), column = sourceColumn(p, tap % 3);
        if (row >= 0 && column >= 0)
        {
            int w = (p.block * 9 + tap) * inBlocks * 4;
            int at = p.n * inBlocks * inArea + row * inWidth + column;
            for (int block = 0; block < inBlocks; ++block)
            {
                vec4 value = LOAD(x, at + block * inArea);
                sum += value.x * LOAD(weight, w + block * 4);
                sum += value.y * LOAD(weight, w + block * 4 + 1);
                sum += value.z * LOAD(weight, w + block * 4 + 2);
                sum += value.w * LOAD(weight, w + block * 4 + 3);
            }
        }
    }
    return sum;
}

#endif
