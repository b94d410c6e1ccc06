// A number in [-1, 1] as a colour: dark at 0, from there over amber to pale yellow, and below 0 over blue to pale blue.
// Twin      DivergingColors, src/RealtimeCnn/Drawing/DivergingColors.cs

#ifndef DIVERGING_GLSL
#define DIVERGING_GLSL

vec3 divergingColor(float value)
{
    const float middle = 0.7;
    vec3 zero = vec3(0.075, 0.086, 0.106);
    vec3 half_ = value < 0.0 ? vec3(0.220, 0.530, 0.965) : vec3(0.965, 0.690, 0.200);
    vec3 full = value < 0.0 ? vec3(0.830, 0.930, 1.000) : vec3(1.000, 0.965, 0.800);
    float far_ = min(abs(value), 1.0);
    return far_ < middle ? mix(zero, half_, far_ / middle) : mix(half_, full, (far_ - middle) / (1.0 - middle));
}

#endif
