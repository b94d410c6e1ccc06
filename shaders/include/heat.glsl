// A number in [0, 1] as a colour: night blue over teal and amber to white, ever brighter, so that it also reads in gray.
// Twin      HeatColors, src/RealtimeCnn/Drawing/HeatColors.cs

#ifndef HEAT_GLSL
#define HEAT_GLSL

const vec3 HEAT_STOPS[6] = vec3[6](
    vec3(0.020, 0.027, 0.071), vec3(0.086, 0.173, 0.400), vec3(0.051, 0.435, 0.522),
    vec3(0.369, 0.671, 0.459), vec3(0.980, 0.753, 0.322), vec3(1.000, 0.980, 0.910));

vec3 heatColor(float value)
{
    float position = clamp(value, 0.0, 1.0) * 5.0;
    int stop = clamp(int(position), 0, 4);  // whatever a NaN becomes
    return mix(HEAT_STOPS[stop], HEAT_STOPS[stop + 1], position - float(stop));
}

#endif
