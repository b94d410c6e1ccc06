#version 430 core
// Overlay masks: each place of a picture in the colour of its class, by the scores of a segmentation network; the background stays as it is.
//
// Layout    x channel-blocked [1][C/4][H][W] vec4.
// Twin      MaskPainter.Mask, src/RealtimeCnn/Drawing/MaskPainter.cs

#include "include/tensor.glsl"
#include "include/class_colors.glsl"

READ_TENSOR(1, Input, x);

#include "include/scores.glsl"

layout(location = 5) uniform float opacity;

in vec2 place;
out vec4 result;

void main()
{
    vec2 at = place * window.xy + window.zw;
    if (!isSeen(at))
        discard;
    int number = classAt(at), background = int(head.y);
    if (number == NO_CLASS || number == background)
        discard;
    result = vec4(classColor(background >= 0 && number > background ? number - 1 : number), opacity);
}
