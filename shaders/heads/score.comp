#version 430 core

// Candidates of one grid of a detector: each class of a place, or its best, whose score reaches the threshold, in any order.
//
//   score = join(objectness activated, class activated), cut to 1; what is not finite is no candidate
//
// Layout    outputs of the network, row-major; element first + cell*perCell + anchor*perAnchor + channel*perChannel of a field.
// Dispatch  flat, one invocation per place of the grid.
// Twin      DetectionReader.Score, src/RealtimeCnn/Heads/DetectionReader.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/math.glsl"
#include "include/precise.glsl"
#include "include/candidates.glsl"

// As ScoreActivation and ScoreJoin.
#define SIGMOID 1
#define SOFTMAX 2
#define CLASS_ALONE 0
#define GEOMETRIC_MEAN 2
#define WEIGHTED 3

layout(std140, binding = 0) uniform Params
{
    ivec4 scoreField, objectField; // first, perCell, perAnchor, perChannel
    int rows, columns, anchors, firstPlace;
    int classes, background, scoreActivation, objectActivation;
    int join, eachClass, peaksAlone, capacity;
    float threshold;
};

READ_TENSOR(1, Scores, scores);
READ_TENSOR(2, Objectness, objectness);
layout(std430, binding = 0) restrict buffer List
{
    int count;
    int unused;
    Candidate candidates[];
};

float rawScore(int from, int k)
{
    return LOAD_SCALAR(scores, from + k * scoreField.w);
}

float rawObjectness(int cell, int anchor)
{
    return LOAD_SCALAR(objectness, objectField.x + cell * objectField.y + anchor * objectField.z);
}

// Of equal neighbours the first is the peak.
bool isPeak(int cell, float own)
{
    int row = cell / columns, column = cell - row * columns;
    for (int r = max(0, row - 1); r <= min(rows - 1, row + 1); ++r)
    {
        for (int c = max(0, column - 1); c <= min(columns - 1, column + 1); ++c)
        {
            int other = r * columns + c;
            float value = rawObjectness(other, 0);
            if (!isNaN(vec4(value)).x && (other < cell ? value >= own : value > own))
                return false;
        }
    }
    return true;
}

void offer(float thing, float value, int place, int k)
{
    PRECISE float score = value;
    if (join == GEOMETRIC_MEAN)
        score = sqrt(clamp(thing, 0.0, 1.0) * clamp(value, 0.0, 1.0));
    else if (join == WEIGHTED)
        score = thing < 0.0 || value < 0.0 ? 0.0 : pow(thing, 0.6) * pow(value, 0.4);
    else if (join != CLASS_ALONE)
        score = thing * value;
    if (!isFinite(score) || score < threshold)
        return;
    int at = atomicAdd(count, 1);
    if (at < capacity)
        candidates[at] = Candidate(min(score, 1.0), place * classes + k);
}

void main()
{
    int number = flatInvocation();
    if (number >= rows * columns * anchors)
        return;

    int cell = number / anchors, anchor = number - cell * anchors;
    float thing = 1.0;
    if (join != CLASS_ALONE)
    {
        float raw = rawObjectness(cell, anchor);
        if (!isFinite(raw))
            return;
        thing = objectActivation == SIGMOID ? sigmoid(vec4(raw)).x : raw;
        if (scoreActivation == SOFTMAX && thing < threshold)
            return;
        if (peaksAlone != 0 && !isPeak(cell, raw))
            return;
    }

    int from = scoreField.x + cell * scoreField.y + anchor * scoreField.z, place = firstPlace + number;
    float largest = 0.0, sum = 1.0;
    if (scoreActivation == SOFTMAX)
    {
        largest = rawScore(from, 0);
        for (int k = 0; k < background + classes; ++k)
        {
            float raw = rawScore(from, k);
            if (isNaN(vec4(raw)).x)
                return;
            largest = max(largest, raw);
        }
        if (!isFinite(largest))
            return;
        sum = 0.0;
        for (int k = 0; k < background + classes; ++k)
            sum += exp(rawScore(from, k) - largest);
    }

    float best = NEGATIVE_INFINITY;
    int bestClass = -1;
    for (int k = 0; k < classes; ++k)
    {
        float raw = rawScore(from, background + k);
        if (!isFinite(raw) || (eachClass == 0 && raw <= best))
            continue;
        best = raw;
        bestClass = k;
        if (eachClass != 0)
            offer(thing, scoreActivation == SIGMOID ? sigmoid(vec4(raw)).x : scoreActivation == SOFTMAX ? exp(raw - largest) / sum : raw, place, k);
    }
    if (eachClass == 0 && bestClass >= 0)
        offer(thing, scoreActivation == SIGMOID ? sigmoid(vec4(best)).x : scoreActivation == SOFTMAX ? exp(best - largest) / sum : best, place, bestClass);
}
