// Tiles of a matrix product: EACH_PIXEL(MACRO) writes out MACRO(0), MACRO(1), … for each of TILE_PIXELS, EACH_BLOCK(MACRO) for each
// of TILE_BLOCKS.

#ifndef TILE_GLSL
#define TILE_GLSL

#include "include/repeat.glsl"

#if TILE_PIXELS == 2
#define EACH_PIXEL(MACRO) A_2(MACRO)
#elif TILE_PIXELS == 4
#define EACH_PIXEL(MACRO) A_4(MACRO)
#elif TILE_PIXELS == 7
#define EACH_PIXEL(MACRO) A_7(MACRO)
#elif TILE_PIXELS == 11
#define EACH_PIXEL(MACRO) A_11(MACRO)
#elif TILE_PIXELS == 13
#define EACH_PIXEL(MACRO) A_13(MACRO)
#else
#define EACH_PIXEL(MACRO) A_14(MACRO)
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

#endif
