// Functions that GLSL lacks or computes badly, for four numbers at a time. Twin: src/RealtimeCnn/Cpu/VectorMath.cs

#ifndef MATH_GLSL
#define MATH_GLSL

#include "include/numbers.glsl"

// tanh: an odd polynomial below 0.625, where 1 - 2/(e^2x + 1) would cancel, and that formula above. Source: Cephes, tanhf.
vec4 accurateTanh(vec4 x)
{
    vec4 z = x * x;
    vec4 near = (((-5.70498872745e-3 * z + 2.06390887954e-2) * z - 5.37397155531e-2) * z + 1.33314422036e-1) * z - 3.33332819422e-1;
    near = near * z * x + x;
    vec4 far = sign(x) * (1.0 - 2.0 / (exp(min(2.0 * abs(x), vec4(80.0))) + 1.0));
    vec4 y = mix(far, near, lessThan(abs(x), vec4(0.625)));
    return keepNaN(x, y);
}

// e^x - 1 without cancellation near 0, for x up to 0: 2t / (1 - t) with t = tanh(x/2).
vec4 expMinusOne(vec4 x)
{
    vec4 t = accurateTanh(0.5 * x);
    return 2.0 * t / (1.0 - t);
}

// 1 / (1 + e^-x). The bound keeps e^-x finite, which a driver may not; below -104 it is 0 in float32.
vec4 sigmoid(vec4 x)
{
    vec4 e = exp(-mix(x, vec4(-88.0), lessThan(x, vec4(-88.0))));
    return mix(1.0 / (1.0 + e), vec4(0.0), lessThan(x, vec4(-104.0)));
}

// ln(1 + e^x) = max(x, 0) + ln(1 + t), t = e^-|x|; the logarithm as 2 artanh(t / (2 + t)), whose series does not cancel.
vec4 softplus(vec4 x)
{
    vec4 t = exp(-min(abs(x), vec4(88.0)));
    vec4 s = t / (t + 2.0);
    vec4 z = s * s;
    vec4 series = (((((z / 13.0 + 1.0 / 11.0) * z + 1.0 / 9.0) * z + 1.0 / 7.0) * z + 1.0 / 5.0) * z + 1.0 / 3.0) * z + 1.0;
    vec4 y = max(x, vec4(0.0)) + 2.0 * s * series;
    return keepNaN(x, y);
}

// The error function: an odd polynomial below 1 (Cephes, erff), and above it 1 - (a1 t + ... + a5 t^5) e^(-x^2),
// t = 1/(1 + p|x|) (Abramowitz and Stegun, 7.1.26; absolute error 1.5e-7).
vec4 erf(vec4 x)
{
    vec4 z = x * x;
    vec4 near = ((((((7.853861353153693e-5 * z - 8.010193625184903e-4) * z + 5.188327685732524e-3) * z
        - 2.685381193529856e-2) * z + 1.128358514861418e-1) * z - 3.761262582423300e-1) * z + 1.128379165726710) * x;
    vec4 t = 1.0 / (0.3275911 * abs(x) + 1.0);
    vec4 sum = (((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592;
    vec4 far = sign(x) * (1.0 - sum * t * exp(-min(z, vec4(80.0))));
    vec4 y = mix(far, near, lessThan(abs(x), vec4(1.0)));
    return keepNaN(x, y);
}

#endif
