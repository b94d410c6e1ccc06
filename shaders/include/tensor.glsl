// Reading tensors. A tensor is a flat array of vec4; how a shader reads it is chosen per device, so kernels declare
// and read inputs only through this file:
//
//   READ_TENSOR(1, Input, x)      declares tensor x at unit 1; Input names its block and must be unique in the shader
//   LOAD(x, i)                    element i, a vec4
//   LOAD_SCALAR(x, i)             float i of the same memory, for weights and other plain arrays
//
// Units 1, 2, … are inputs in order; the output is the storage buffer at binding 0, and parameters the uniform block
// at binding 0. Reading past the end of a tensor is undefined on some paths: kernels guard their indices.
//
// What may be stored as halves, which GpuKernel.Plan says by defines, is declared otherwise; arithmetic stays float32:
//
//   READ_VALUES(1, Input, x)      as READ_TENSOR; halves where HALF_INPUT is defined
//   READ_WEIGHTS(2, Weights, w)   the same with HALF_WEIGHTS
//   WRITE_VALUES(Output, y)       the output; halves where HALF_OUTPUT is defined
//   y[i] = STORED(value)          stores a vec4; loaded(y[i]) is what lies there

#ifndef TENSOR_GLSL
#define TENSOR_GLSL

#if defined(READ_PATH_TEXELS)
#define READ_TENSOR(unit, Block, name) layout(binding = unit) uniform samplerBuffer name
#define READ_HALVES(unit, Block, name) READ_TENSOR(unit, Block, name)
#define LOAD(name, i) texelFetch(name, i)
#elif defined(READ_PATH_IMAGE)
#define READ_TENSOR(unit, Block, name) layout(binding = unit, rgba32f) readonly restrict uniform imageBuffer name
#define READ_HALVES(unit, Block, name) layout(binding = unit, rgba16f) readonly restrict uniform imageBuffer name
#define LOAD(name, i) imageLoad(name, i)
#elif defined(READ_PATH_BUFFER)
#define READ_TENSOR(unit, Block, name) layout(std430, binding = unit) readonly restrict buffer Block { vec4 name[]; }
#define READ_HALVES(unit, Block, name) layout(std430, binding = unit) readonly restrict buffer Block { uvec2 name[]; }
#define LOAD(name, i) loaded(name[i])
#else
#error one of READ_PATH_BUFFER, READ_PATH_TEXELS, READ_PATH_IMAGE must be defined
#endif

#ifdef HALF_INPUT
#define READ_VALUES(unit, Block, name) READ_HALVES(unit, Block, name)
#else
#define READ_VALUES(unit, Block, name) READ_TENSOR(unit, Block, name)
#endif

#ifdef HALF_WEIGHTS
#define READ_WEIGHTS(unit, Block, name) READ_HALVES(unit, Block, name)
#else
#define READ_WEIGHTS(unit, Block, name) READ_TENSOR(unit, Block, name)
#endif

#ifdef HALF_OUTPUT
#define WRITE_VALUES(Block, name) layout(std430, binding = 0) restrict buffer Block { uvec2 name[]; }
#define STORED(value) halvesOf(value)
#else
#define WRITE_VALUES(Block, name) layout(std430, binding = 0) restrict buffer Block { vec4 name[]; }
#define STORED(value) (value)
#endif

vec4 loaded(vec4 value)
{
    return value;
}

vec4 loaded(uvec2 halves)
{
    return vec4(unpackHalf2x16(halves.x), unpackHalf2x16(halves.y));
}

uvec2 halvesOf(vec4 value)
{
    return uvec2(packHalf2x16(value.xy), packHalf2x16(value.zw));
}

#define LOAD_SCALAR(name, i) LOAD(name, (i) >> 2)[(i) & 3]

#endif
