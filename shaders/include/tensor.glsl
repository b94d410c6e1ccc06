// Reading tensors. A tensor is a flat array of vec4; how a shader reads it is chosen per device, so kernels declare
// and read inputs only through this file:
//
//   READ_TENSOR(1, Input, x)      declares tensor x at unit 1; Input names its block and must be unique in the shader
//   LOAD(x, i)                    element i, a vec4
//   LOAD_SCALAR(x, i)             float i of the same memory, for weights and other plain arrays
//
// Units 1, 2, … are inputs in order; the output is the storage buffer at binding 0, and parameters the uniform block
// at binding 0. Reading past the end of a tensor is undefined on some paths: kernels guard their indices.

#ifndef TENSOR_GLSL
#define TENSOR_GLSL

#if defined(READ_PATH_TEXELS)
#define READ_TENSOR(unit, Block, name) layout(binding = unit) uniform samplerBuffer name
#define LOAD(name, i) texelFetch(name, i)
#elif defined(READ_PATH_IMAGE)
#define READ_TENSOR(unit, Block, name) layout(binding = unit, rgba32f) readonly restrict uniform imageBuffer name
#define LOAD(name, i) imageLoad(name, i)
#elif defined(READ_PATH_BUFFER)
#define READ_TENSOR(unit, Block, name) layout(std430, binding = unit) readonly restrict buffer Block { vec4 name[]; }
#define LOAD(name, i) name[i]
#else
#error one of READ_PATH_BUFFER, READ_PATH_TEXELS, READ_PATH_IMAGE must be defined
#endif

#define LOAD_SCALAR(name, i) LOAD(name, (i) >> 2)[(i) & 3]

#endif
