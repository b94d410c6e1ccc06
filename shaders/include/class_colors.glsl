// Colours that tell classes apart for people with any colour vision, by number.
// Twin      ClassColors, src/RealtimeCnn/Drawing/ClassColors.cs
// Source    Okabe and Ito 2008, "Color Universal Design".

#ifndef CLASS_COLORS_GLSL
#define CLASS_COLORS_GLSL

const vec3 CLASS_COLORS[7] = vec3[7](
    vec3(0.9019608, 0.6235294, 0.0), vec3(0.3372549, 0.7058824, 0.9137255), vec3(0.0, 0.6196078, 0.4509804), vec3(0.9411765, 0.8941176, 0.2588235),
    vec3(0.8, 0.4745098, 0.6549020), vec3(0.0, 0.4470588, 0.6980392), vec3(0.8352941, 0.3686275, 0.0));

vec3 classColor(int number)
{
    vec3 color = CLASS_COLORS[number % 7];
    int turn = number / 7 % 3;
    return turn == 0 ? color : turn == 1 ? mix(color, vec3(1.0), 0.45) : mix(color, vec3(0.0), 0.4);
}

#endif
