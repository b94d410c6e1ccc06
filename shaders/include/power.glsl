// Powers of numbers that are not negative. Twin: Lanes.Pow, src/RealtimeCnn/Cpu/Lanes.cs

#ifndef POWER_GLSL
#define POWER_GLSL

#include "include/numbers.glsl"

// x^p for x >= 0 and p > 0; 0 for x = 0, where pow() is undefined on some drivers, and NaN for NaN, which it may drop.
vec4 power(vec4 x, vec4 p)
{
    return keepNaN(x, mix(pow(x, p), vec4(0.0), equal(x, vec4(0.0))));
}

#endif
