// Four channels of a place of a tensor that lies channel-blocked; or row-major, where PLAIN is defined.
// The shader declares it as READ_TENSOR(1, Input, x) before it includes this.

#ifndef BLOCKS_GLSL
#define BLOCKS_GLSL

// Channels behind the last one are 0. Place: row times width plus column; size: width, height, channels.
vec4 blockAt(int place, int block, ivec3 size)
{
    int area = size.x * size.y;
#ifdef PLAIN
    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4 && block * 4 + lane < size.z; lane++)
        value[lane] = LOAD_SCALAR(x, (block * 4 + lane) * area + place);
    return value;
#else
    return LOAD(x, block * area + place);
#endif
}

#endif
