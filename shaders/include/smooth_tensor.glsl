// Reading a channel-blocked tensor as a picture: bilinear between the centres of its elements, the border repeated.
// The shader declares the tensor as READ_TENSOR(1, Input, x) before it includes this.

#ifndef SMOOTH_TENSOR_GLSL
#define SMOOTH_TENSOR_GLSL

// The four channels of block `block` at `place`, (0, 0) being the top left corner and (1, 1) the bottom right one.
vec4 smoothTensor(vec2 place, ivec2 size, int block)
{
    vec2 position = place * vec2(size) - 0.5;
    vec2 corner = floor(position);
    vec2 part = position - corner;
    ivec2 low = clamp(ivec2(corner), ivec2(0), size - 1);
    ivec2 high = clamp(ivec2(corner) + 1, ivec2(0), size - 1);
    int above = (block * size.y + low.y) * size.x;
    int below = (block * size.y + high.y) * size.x;
    return mix(
        mix(LOAD(x, above + low.x), LOAD(x, above + high.x), part.x),
        mix(LOAD(x, below + low.x), LOAD(x, below + high.x), part.x), part.y);
}

#endif
