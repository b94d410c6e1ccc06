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

const int ACTIVATION_NONE = 0;
const int ACTIVATION_RELU = 1;
const int ACTIVATION_CLIP = 2;
const int ACTIVATION_LEAKY_RELU = 3;
const int ACTIVATION_ELU = 4;
const int ACTIVATION_SELU = 5;
const int ACTIVATION_CELU = 6;
const int ACTIVATION_SIGMOID = 7;
const int ACTIVATION_TANH = 8;
const int ACTIVATION_HARD_SIGMOID = 9;
const int ACTIVATION_HARD_SWISH = 10;
const int ACTIVATION_SILU = 11;
const int ACTIVATION_MISH = 12;
const int ACTIVATION_GELU = 13;
const int ACTIVATION_GELU_TANH = 14;
const int ACTIVATION_SOFTPLUS = 15;
const int ACTIVATION_SOFTSIGN = 16;
const int ACTIVATION_THRESHOLDED_RELU = 17;

#ifdef ACTIVATION
#include "include/math.glsl"
#endif

vec4 activationOf(vec4 x, int function, float alpha, float beta)
{
#ifdef ACTIVATION
    function = ACTIVATION;
#endif
    bvec4 negative = lessThan(x, vec4(0.0));
    switch (function)
    {
        case ACTIVATION_NONE:
            return x;
        case ACTIVATION_RELU:
            return max(x, vec4(0.0));
        case ACTIVATION_CLIP:
            return min(max(x, alpha), beta);
        case ACTIVATION_LEAKY_RELU:
            return mix(x, alpha * x, negative);
        case ACTIVATION_HARD_SIGMOID:
            return clamp(alpha * x + beta, 0.0, 1.0);
        case ACTIVATION_HARD_SWISH:
            return x * clamp(x / 6.0 + 0.5, 0.0, 1.0);
        case ACTIVATION_THRESHOLDED_RELU:
            return mix(x, vec4(0.0), lessThanEqual(x, vec4(alpha)));
#ifdef ACTIVATION
        case ACTIVATION_ELU:
            return mix(x, alpha * expMinusOne(min(x, vec4(0.0))), negative);
        case ACTIVATION_SELU:
            return beta * mix(x, alpha * expMinusOne(min(x, vec4(0.0))), negative);
        case ACTIVATION_CELU:
            return mix(x, alpha * expMinusOne(min(x, vec4(0.0)) / alpha), negative);
        case ACTIVATION_SIGMOID:
            return sigmoid(x);
        case ACTIVATION_TANH:
            return accurateTanh(x);
        case ACTIVATION_SILU:
            return x * sigmoid(x);
        case ACTIVATION_MISH:
        {
            // tanh(ln(1 + e)) = e(e + 2) / (e(e + 2) + 2); from 20 on it is 1 in float32, and e^2 must not overflow.
            vec4 e = exp(mix(x, vec4(20.0), greaterThan(x, vec4(20.0))));
            vec4 numerator = e * (e + 2.0);
            return x * (numerator / (numerator + 2.0));
        }
        case ACTIVATION_GELU:
            return 0.5 * x * (1.0 + erf(0.70710678 * x));
        case ACTIVATION_GELU_TANH:
            return 0.5 * x * (1.0 + accurateTanh(0.79788456 * x * (1.0 + 0.044715 * x * x)));
        case ACTIVATION_SOFTPLUS:
            return softplus(x);
        case ACTIVATION_SOFTSIGN:
            return x / (1.0 + abs(x));
#endif
        default:
            return vec4(NOT_A_NUMBER);
    }
}

vec4 activate(vec4 x, int function, float alpha, float beta)
{
    return keepNaN(x, activationOf(x, function, alpha, beta));
}

#endif
