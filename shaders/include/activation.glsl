// Activations, selected by number. Twin: Activation.Apply, src/RealtimeCnn/Layers/Activation.cs
// Written with comparisons rather than max and min, which may drop a NaN.

#ifndef ACTIVATION_GLSL
#define ACTIVATION_GLSL

const int ACTIVATION_NONE = 0;
const int ACTIVATION_RELU = 1;
const int ACTIVATION_CLIP = 2;

vec4 activate(vec4 x, int function, float alpha, float beta)
{
    switch (function)
    {
        case ACTIVATION_RELU:
            return mix(x, vec4(0.0), lessThan(x, vec4(0.0)));
        case ACTIVATION_CLIP:
            x = mix(x, vec4(alpha), lessThan(x, vec4(alpha)));
            return mix(x, vec4(beta), greaterThan(x, vec4(beta)));
        default:
            return x;
    }
}

#endif
