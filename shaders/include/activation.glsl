// Activations, selected by number. Twin: src/RealtimeCnn/Cpu/ActivationFunctions.cs
//
// The piecewise linear ones are chosen by a uniform. The curves cost more than a convolution's last lines should, and a
// software driver computes every case of a switch: they are there only where the program was compiled with
// ACTIVATION defined as the number of one (ActivationKernel.Defines); a function that the program lacks gives NaN.
//
// A NaN stays one, whatever the function.

#ifndef ACTIVATION_GLSL
#define ACTIVATION_GLSL

#include "include/numbers.glsl"
#include "include/precise.glsl"

#define ACTIVATION_NONE 0
#define ACTIVATION_RELU 1
#define ACTIVATION_CLIP 2
#define ACTIVATION_LEAKY_RELU 3
#define ACTIVATION_ELU 4
#define ACTIVATION_SELU 5
#define ACTIVATION_CELU 6
#define ACTIVATION_SIGMOID 7
#define ACTIVATION_TANH 8
#define ACTIVATION_HARD_SIGMOID 9
#define ACTIVATION_HARD_SWISH 10
#define ACTIVATION_SILU 11
#define ACTIVATION_MISH 12
#define ACTIVATION_GELU 13
#define ACTIVATION_GELU_TANH 14
#define ACTIVATION_SOFTPLUS 15
#define ACTIVATION_SOFTSIGN 16
#define ACTIVATION_THRESHOLDED_RELU 17

#define LEAKY_RELU(x) mix(x, alpha * x, lessThan(x, vec4(0.0)))
#define HARD_SIGMOID(x) clamp(alpha * x + beta, 0.0, 1.0)
#define HARD_SWISH(x) (x * clamp(x / 6.0 + 0.5, 0.0, 1.0))
#define THRESHOLDED_RELU(x) mix(x, vec4(0.0), lessThanEqual(x, vec4(alpha)))

// Chosen by comparisons, which are false for a NaN; max and min may drop it, and so may a compiler that writes these as such.
vec4 relu(vec4 x)
{
    PRECISE vec4 result = mix(x, vec4(0.0), lessThan(x, vec4(0.0)));
    return result;
}

vec4 clip(vec4 x, float low, float high)
{
    PRECISE vec4 raised = mix(x, vec4(low), lessThan(x, vec4(low)));
    PRECISE vec4 result = mix(raised, vec4(high), greaterThan(raised, vec4(high)));
    return result;
}

#ifdef ACTIVATION
#include "include/math.glsl"

vec4 mish(vec4 x)
{
    // tanh(ln(1 + e)) = e(e + 2) / (e(e + 2) + 2); from 20 on it is 1 in float32, and e^2 must not overflow.
    vec4 e = exp(mix(x, vec4(20.0), greaterThan(x, vec4(20.0))));
    vec4 numerator = e * (e + 2.0);
    return x * (numerator / (numerator + 2.0));
}
#endif

// Where ACTIVATION is defined, the preprocessor takes the one: compilers take long to see that the others of a switch are never taken.
vec4 activationOf(vec4 x, int function, float alpha, float beta)
{
#ifndef ACTIVATION
    switch (function)
    {
        case ACTIVATION_NONE:
            return x;
        case ACTIVATION_RELU:
            return relu(x);
        case ACTIVATION_CLIP:
            return clip(x, alpha, beta);
        case ACTIVATION_LEAKY_RELU:
            return LEAKY_RELU(x);
        case ACTIVATION_HARD_SIGMOID:
            return HARD_SIGMOID(x);
        case ACTIVATION_HARD_SWISH:
            return HARD_SWISH(x);
        case ACTIVATION_THRESHOLDED_RELU:
            return THRESHOLDED_RELU(x);
        default:
            return vec4(NOT_A_NUMBER);
    }
#elif ACTIVATION == ACTIVATION_NONE
    return x;
#elif ACTIVATION == ACTIVATION_RELU
    return relu(x);
#elif ACTIVATION == ACTIVATION_CLIP
    return clip(x, alpha, beta);
#elif ACTIVATION == ACTIVATION_LEAKY_RELU
    return LEAKY_RELU(x);
#elif ACTIVATION == ACTIVATION_HARD_SIGMOID
    return HARD_SIGMOID(x);
#elif ACTIVATION == ACTIVATION_HARD_SWISH
    return HARD_SWISH(x);
#elif ACTIVATION == ACTIVATION_THRESHOLDED_RELU
    return THRESHOLDED_RELU(x);
#elif ACTIVATION == ACTIVATION_ELU
    return mix(x, alpha * expMinusOne(min(x, vec4(0.0))), lessThan(x, vec4(0.0)));
#elif ACTIVATION == ACTIVATION_SELU
    return beta * mix(x, alpha * expMinusOne(min(x, vec4(0.0))), lessThan(x, vec4(0.0)));
#elif ACTIVATION == ACTIVATION_CELU
    return mix(x, alpha * expMinusOne(min(x, vec4(0.0)) / alpha), lessThan(x, vec4(0.0)));
#elif ACTIVATION == ACTIVATION_SIGMOID
    return sigmoid(x);
#elif ACTIVATION == ACTIVATION_TANH
    return accurateTanh(x);
#elif ACTIVATION == ACTIVATION_SILU
    return x * sigmoid(x);
#elif ACTIVATION == ACTIVATION_MISH
    return mish(x);
#elif ACTIVATION == ACTIVATION_GELU
    return 0.5 * x * (1.0 + erf(0.70710678 * x));
#elif ACTIVATION == ACTIVATION_GELU_TANH
    return 0.5 * x * (1.0 + accurateTanh(0.79788456 * x * (1.0 + 0.044715 * x * x)));
#elif ACTIVATION == ACTIVATION_SOFTPLUS
    return softplus(x);
#elif ACTIVATION == ACTIVATION_SOFTSIGN
    return x / (1.0 + abs(x));
#else
    return vec4(NOT_A_NUMBER);
#endif
}

vec4 activate(vec4 x, int function, float alpha, float beta)
{
#if defined(HAS_PRECISE) && defined(ACTIVATION) && ACTIVATION <= ACTIVATION_CLIP
    return activationOf(x, function, alpha, beta);
#else
    return keepNaN(x, activationOf(x, function, alpha, beta));
#endif
}

#endif
