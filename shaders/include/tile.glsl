// Tiles of a matrix product: EACH_PIXEL(MACRO) writes out MACRO(0), MACRO(1), … for each of TILE_PIXELS, EACH_BLOCK(MACRO) for each
// of TILE_BLOCKS.

#ifndef TILE_GLSL
#define TILE_GLSL

#include "include/repeat.glsl"

#if TILE_PIXELS == 2
#define EACH_PIXEL(MACRO) A_2(MACRO)
#elif TILE_PIXELS == 3
#define EACH_PIXEL(MACRO) A_3(MACRO)
#elif TILE_PIXELS == 4
#define EACH_PIXEL(MACRO) A_4(MACRO)
#elif TILE_PIXELS == 5
#define EACH_PIXEL(MACRO) A_5(MACRO)
#elif TILE_PIXELS == 7
#define EACH_PIXEL(MACRO) A_7(MACRO)
#elif TILE_PIXELS == 8
#define EACH_PIXEL(MACRO) A_8(MACRO)
#elif TILE_PIXELS == 9
#define EACH_PIXEL(MACRO) A_9(MACRO)
#elif TILE_PIXELS == 10
#define EACH_PIXEL(MACRO) A_10(MACRO)
#elif TILE_PIXELS == 11
#define EACH_PIXEL(MACRO) A_11(MACRO)
#elif TILE_PIXELS == 12
#define EACH_PIXEL(MACRO) A_12(MACRO)
#elif TILE_PIXELS == 13
#define EACH_PIXEL(MACRO) A_13(MACRO)
#elif TILE_PIXELS == 14
#define EACH_PIXEL(MACRO) A_14(MACRO)
#elif TILE_PIXELS == 15
#define EACH_PIXEL(MACRO) A_15(MACRO)
#elif TILE_PIXELS == 16
#define EACH_PIXEL(MACRO) A_16(MACRO)
#elif TILE_PIXELS == 17
#define EACH_PIXEL(MACRO) A_17(MACRO)
#else
#define EACH_PIXEL(MACRO) A_25(MACRO)
#endif

#if TILE_BLOCKS == 1
#define EACH_BLOCK(MACRO) B_1(MACRO)
#elif TILE_BLOCKS == 2
#define EACH_BLOCK(MACRO) B_2(MACRO)
#elif TILE_BLOCKS == 3
#define EACH_BLOCK(MACRO) B_3(MACRO)
#else
#define EACH_BLOCK(MACRO) B_4(MACRO)
#endif

// EACH_LANE(MACRO): of each channel in a vec4 of the input.
#ifdef IN_LANES
#if IN_LANES == 1
#define EACH_LANE(MACRO) D_1(MACRO)
#elif IN_LANES == 2
#define EACH_LANE(MACRO) D_2(MACRO)
#elif IN_LANES == 3
#define EACH_LANE(MACRO) D_3(MACRO)
#else
#define EACH_LANE(MACRO) D_4(MACRO)
#endif
#endif

// MOVE_UP(m): the sums of pixel m, each in the place of the one before.
#define MOVE(m, i) sum[m * TILE_BLOCKS + i] = sum[m * TILE_BLOCKS + i + 1];
#if TILE_BLOCKS == 1
#define MOVE_UP(m)
#elif TILE_BLOCKS == 2
#define MOVE_UP(m) MOVE(m, 0)
#elif TILE_BLOCKS == 3
#define MOVE_UP(m) MOVE(m, 0) MOVE(m, 1)
#else
#define MOVE_UP(m) MOVE(m, 0) MOVE(m, 1) MOVE(m, 2)
#endif

#endif
