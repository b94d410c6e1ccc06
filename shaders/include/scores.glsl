// What a segmentation network says between the places of its output: the class of a place, or how likely it is no background.
// The shader declares the scores as READ_TENSOR(1, Input, x) before it includes this. Defines: see include/blocks.glsl.
// Twin      ScoreSampler, src/RealtimeCnn/Heads/ScoreSampler.cs

#ifndef SCORES_GLSL
#define SCORES_GLSL

#include "include/blocks.glsl"
#include "include/numbers.glsl"

// Width, height, channels; the score from which on the only one is foreground.
layout(location = 2) uniform vec4 shape;
// A place of the picture times xy plus zw is one of the input; beyond [0, 1] the network saw nothing.
layout(location = 3) uniform vec4 window;
// 1 where scores are logits; the background's class, -1 for none; the foreground's least probability; width of its edge.
layout(location = 4) uniform vec4 head;

const int NO_CLASS = 255;

// An infinite score is a large one: between two places nothing is multiplied by infinity. A NaN stays one.
const float LARGEST_SCORE = 1e30;

vec4 scoreOf(int place, int block)
{
    vec4 score = blockAt(place, block, ivec3(shape.xyz));
    return keepNaN(score, clamp(score, -LARGEST_SCORE, LARGEST_SCORE));
}

// Four classes at a place: bilinear between the centres of elements, the border repeated.
vec4 scoresAt(vec2 at, ivec2 size, int block)
{
    vec2 position = at * vec2(size) - 0.5;
    vec2 corner = floor(position);
    vec2 part = position - corner;
    ivec2 low = clamp(ivec2(corner), ivec2(0), size - 1);
    ivec2 high = clamp(ivec2(corner) + 1, ivec2(0), size - 1);
    int above = low.y * size.x, below = high.y * size.x;
    vec4 left = scoreOf(above + low.x, block) * (1.0 - part.y) + scoreOf(below + low.x, block) * part.y;
    vec4 right = scoreOf(above + high.x, block) * (1.0 - part.y) + scoreOf(below + high.x, block) * part.y;
    return left * (1.0 - part.x) + right * part.x;
}

bool isSeen(vec2 at)
{
    return all(greaterThanEqual(at, vec2(0.0))) && all(lessThanEqual(at, vec2(1.0)));
}

int classAt(vec2 at)
{
    ivec2 size = ivec2(shape.xy);
    int channels = int(shape.z);
    if (channels == 1) {
        vec4 score = scoresAt(at, size, 0);
        return isNaN(score).x ? NO_CLASS : int(score.x >= shape.w);
    }

    int best = NO_CLASS;
    float most = 0.0;
    for (int block = 0; block * 4 < channels; block++) {
        vec4 scores = scoresAt(at, size, block);
        bvec4 none = isNaN(scores);
        for (int lane = 0; lane < 4 && block * 4 + lane < channels; lane++) {
            if (!none[lane] && (best == NO_CLASS || scores[lane] > most)) {
                best = block * 4 + lane;
                most = scores[lane];
            }
        }
    }
    return best;
}

float foregroundAt(vec2 at)
{
    ivec2 size = ivec2(shape.xy);
    int channels = int(shape.z), background = int(head.y);
    bool areLogits = head.x > 0.5;
    float foreground;
    if (channels == 1) {
        float score = scoresAt(at, size, 0).x;
        foreground = areLogits ? 1.0 / (1.0 + exp(-score)) : score;
        foreground = background == 1 ? 1.0 - foreground : foreground;
    } else if (background < 0) {
        foreground = 1.0;
    } else {
        float own = scoresAt(at, size, background / 4)[background % 4];
        foreground = 1.0 - own;
        if (areLogits) {
            // Softmax as it comes: the sum is of the largest score so far.
            float largest = own, sum = 0.0;
            for (int block = 0; block * 4 < channels; block++) {
                vec4 scores = scoresAt(at, size, block);
                for (int lane = 0; lane < 4 && block * 4 + lane < channels; lane++) {
                    if (scores[lane] > largest) {
                        sum *= exp(largest - scores[lane]);
                        largest = scores[lane];
                    }
                    sum += exp(scores[lane] - largest);
                }
            }
            foreground = 1.0 - exp(own - largest) / sum;
        }
    }
    return isNaN(vec4(foreground)).x ? 0.0 : foreground;
}

#endif
