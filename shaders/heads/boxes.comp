#version 430 core

// Boxes and landmarks of those of a detector's best candidates that are places of one grid.
//
//   corners    left, top, right, bottom = raw * shiftScale
//   centre     x = prior.x + shift(raw.x) * unit * shiftScale,  width = prior.width * side(raw.z * sideScale)
//   distances  left = prior.x - mean(distribution) * unit * shiftScale
//   A box is cut to the input where isCut says so.
//   A box that is empty, inside out, or lies nowhere, or one of whose landmarks does, is four zeros.
//
// Layout    outputs of the network as heads/score.comp reads them; a row of 4 + 2*landmarks floats for each candidate.
// Dispatch  flat, one invocation per candidate.
// Twin      DetectionReader.Box, src/RealtimeCnn/Heads/DetectionReader.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/math.glsl"
#include "include/candidates.glsl"

// As BoxForm, ShiftActivation and SideActivation.
#define CORNERS 0
#define DISTANCES 2
#define SHIFT_SIGMOID 1
#define SHIFT_TANH 2
#define SIDE_EXP 1
#define SIDE_SIGMOID 2

#define MOST_ANCHORS 64
#define LARGEST_LOG 10.0
#define FURTHEST 1e9

layout(std140, binding = 0) uniform Params
{
    ivec4 boxField, pointField; // first, perCell, perAnchor, perChannel
    int columns, anchors, firstPlace, places;
    int classes, landmarks, form, bins;
    int shift, side, shiftsByAnchor, isCut;
    vec2 cellSize, priorLimit;
    vec2 shiftScale, sideScale;
    float offset;
    vec2 inputSize;
    vec4 anchorSizes[MOST_ANCHORS];
};

READ_TENSOR(1, Boxes, boxes);
READ_TENSOR(2, Points, points);
layout(std430, binding = 0) writeonly restrict buffer Rows { float row[]; };
layout(std430, binding = 3) readonly restrict buffer Best
{
    int bestCount;
    int unusedToo;
    Candidate best[];
};

bool isNear(vec2 at)
{
    return isFinite(at.x) && isFinite(at.y) && abs(at.x) <= FURTHEST && abs(at.y) <= FURTHEST;
}

float raw(int from, int channel)
{
    return LOAD_SCALAR(boxes, from + channel * boxField.w);
}

// A distance as it is, or the mean of its distribution.
float distanceAt(int from, int number)
{
    if (bins == 1)
        return raw(from, number);
    float largest = raw(from, number * bins), sum = 0.0, mean = 0.0;
    for (int bin = 0; bin < bins; ++bin)
    {
        float value = raw(from, number * bins + bin);
        if (isNaN(vec4(value)).x)
            return NOT_A_NUMBER;
        largest = max(largest, value);
    }
    if (!isFinite(largest))
        return NOT_A_NUMBER;
    for (int bin = 0; bin < bins; ++bin)
    {
        float weight = exp(raw(from, number * bins + bin) - largest);
        sum += weight;
        mean += weight * float(bin);
    }
    return mean / sum;
}

vec2 shifted(vec2 value)
{
    return shift == SHIFT_SIGMOID ? sigmoid(value.xyxy).xy : shift == SHIFT_TANH ? accurateTanh(value.xyxy).xy : value;
}

vec2 sides(vec2 value)
{
    vec2 bounded = mix(min(value, vec2(LARGEST_LOG)), value, isNaN(value.xyxy).xy);
    return side == SIDE_EXP ? exp(bounded) : side == SIDE_SIGMOID ? sigmoid(value.xyxy).xy : value;
}

void main()
{
    int number = flatInvocation();
    if (number >= bestCount)
        return;
    int place = best[number].key / classes - firstPlace;
    if (place < 0 || place >= places)
        return;

    int cell = place / anchors, anchor = place - cell * anchors;
    int from = boxField.x + cell * boxField.y + anchor * boxField.z;
    vec2 size = anchorSizes[anchor].xy;
    vec2 centre = min((vec2(float(cell % columns), float(cell / columns)) + vec2(offset)) * cellSize, priorLimit);
    vec2 unit = (shiftsByAnchor != 0 ? size : cellSize) * shiftScale;
    vec2 first, second;
    if (form == CORNERS)
    {
        first = vec2(raw(from, 0), raw(from, 1)) * shiftScale;
        second = vec2(raw(from, 2), raw(from, 3)) * shiftScale;
    }
    else if (form == DISTANCES)
    {
        first = centre - vec2(distanceAt(from, 0), distanceAt(from, 1)) * unit;
        second = centre + vec2(distanceAt(from, 2), distanceAt(from, 3)) * unit;
    }
    else
    {
        vec2 middle = centre + shifted(vec2(raw(from, 0), raw(from, 1))) * unit;
        vec2 extent = size * sides(vec2(raw(from, 2), raw(from, 3)) * sideScale);
        first = middle - extent / 2.0;
        second = middle + extent / 2.0;
    }

    int to = number * (4 + 2 * landmarks);
    bool isBox = isNear(first) && isNear(second);
    if (isCut != 0)
    {
        first = clamp(first, vec2(0.0), inputSize);
        second = clamp(second, vec2(0.0), inputSize);
    }
    isBox = isBox && second.x > first.x && second.y > first.y;
    int pointsFrom = pointField.x + cell * pointField.y + anchor * pointField.z;
    for (int i = 0; i < landmarks; ++i)
    {
        vec2 value = vec2(LOAD_SCALAR(points, pointsFrom + 2 * i * pointField.w), LOAD_SCALAR(points, pointsFrom + (2 * i + 1) * pointField.w));
        vec2 point = centre + value * unit;
        isBox = isBox && isNear(point);
        row[to + 4 + 2 * i] = point.x;
        row[to + 5 + 2 * i] = point.y;
    }
    row[to] = isBox ? first.x : 0.0;
    row[to + 1] = isBox ? first.y : 0.0;
    row[to + 2] = isBox ? second.x : 0.0;
    row[to + 3] = isBox ? second.y : 0.0;
}
