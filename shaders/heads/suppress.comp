#version 430 core

// Non-maximum suppression of a detector's best candidates: hard, soft (Bodla et al. 2017, arXiv:1704.04503) or weighted (MediaPipe).
//
//   result[0]        how many there are
//   result[4 + r...] left, top, right, bottom, class, score and landmarks of the r-th, best first
//
// Layout    boxes and landmarks in rows as heads/boxes.comp writes them, scores and classes as heads/select.comp does.
// Dispatch  one work group, which keeps all boxes in its shared memory.
// Twin      Suppression, src/RealtimeCnn/Heads/Suppression.cs
// Variants  LANES 128

#include "include/tensor.glsl"
#include "include/lanes.glsl"
#include "include/precise.glsl"
#include "include/candidates.glsl"

// As SuppressionKind.
#define HARD 0
#define SOFT_LINEAR 1
#define SOFT_GAUSSIAN 2
#define WEIGHTED 3

#define FREE -1
#define NO_BOX -2

layout(std140, binding = 0) uniform Params
{
    int classes, landmarks, kind, byClass;
    int most;
    float overlap, sigma, threshold;
};

READ_TENSOR(1, Rows, row);
layout(std430, binding = 0) writeonly restrict buffer Result { float result[]; };
layout(std430, binding = 2) readonly restrict buffer Best
{
    int bestCount;
    int unused;
    Candidate best[];
};

shared vec4 boxOf[MOST_CANDIDATES];
shared float scoreOf[MOST_CANDIDATES];

// Which kept one stands for it, FREE or NO_BOX.
shared int ownerOf[MOST_CANDIDATES];

// Numbers of those kept.
shared int keptOf[MOST_CANDIDATES];

float areaOf(vec4 box)
{
    return (box.z - box.x) * (box.w - box.y);
}

float sharedArea(vec4 a, vec4 b)
{
    return max(min(a.z, b.z) - max(a.x, b.x), 0.0) * max(min(a.w, b.w) - max(a.y, b.y), 0.0);
}

bool compete(int a, int b)
{
    return byClass == 0 || best[a].key % classes == best[b].key % classes;
}

bool meanTheSame(int a, int b)
{
    PRECISE float both = sharedArea(boxOf[a], boxOf[b]);
    PRECISE float limit = overlap * (areaOf(boxOf[a]) + areaOf(boxOf[b]) - both);
    return both > limit && compete(a, b);
}

float weakened(int better, int other)
{
    if (!compete(better, other))
        return 1.0;
    float both = sharedArea(boxOf[better], boxOf[other]);
    float iou = both / (areaOf(boxOf[better]) + areaOf(boxOf[other]) - both);
    return kind == SOFT_GAUSSIAN ? exp(-(iou * iou) / sigma) : iou > overlap ? 1.0 - iou : 1.0;
}

// The better of two scores with their numbers; of equal ones the first.
vec4 betterOf(vec4 a, vec4 b)
{
    return b.x > a.x || (b.x == a.x && b.y < a.y) ? b : a;
}

FOLD_LANES(bestOfLanes, betterOf)

// What the candidates that a kept one stands for say of a number of their rows, in their order.
float meanOf(int kept, int column, int width)
{
    int first = keptOf[kept];
    if (kind != WEIGHTED)
        return LOAD_SCALAR(row, first * width + column);
    float sum = 0.0, weight = 0.0;
    for (int i = first; i < bestCount; ++i)
    {
        if (ownerOf[i] == kept)
        {
            sum += LOAD_SCALAR(row, i * width + column) * best[i].score;
            weight += best[i].score;
        }
    }
    return sum / weight;
}

void main()
{
    int all = bestCount, width = 4 + 2 * landmarks, kept = 0;
    for (int i = LANE; i < all; i += LANES)
    {
        int from = i * width;
        boxOf[i] = vec4(LOAD_SCALAR(row, from), LOAD_SCALAR(row, from + 1), LOAD_SCALAR(row, from + 2), LOAD_SCALAR(row, from + 3));
        ownerOf[i] = boxOf[i].z > boxOf[i].x ? FREE : NO_BOX;
        scoreOf[i] = best[i].score;
    }
    barrier();

    if (kind == HARD || kind == WEIGHTED)
    {
        for (int i = 0; i < all && kept < most; ++i)
        {
            // Nobody writes it any more: later ones alone are written while this one is looked at.
            if (ownerOf[i] != FREE)
                continue;
            for (int j = i + 1 + LANE; j < all; j += LANES)
            {
                if (ownerOf[j] == FREE && meanTheSame(i, j))
                    ownerOf[j] = kept;
            }
            if (LANE == 0)
                keptOf[kept] = i;
            ++kept;
            barrier();
            if (LANE == 0)
                ownerOf[i] = kept - 1;
        }
    }
    else
    {
        for (; kept < most; ++kept)
        {
            vec4 own = vec4(-1.0, float(MOST_CANDIDATES), 0.0, 0.0);
            for (int i = LANE; i < all; i += LANES)
            {
                if (ownerOf[i] == FREE)
                    own = betterOf(own, vec4(scoreOf[i], float(i), 0.0, 0.0));
            }
            own = bestOfLanes(own);
            if (own.x < 0.0)
                break;
            int picked = int(own.y);
            for (int i = LANE; i < all; i += LANES)
            {
                if (i == picked)
                {
                    ownerOf[i] = kept;
                    keptOf[kept] = i;
                }
                else if (ownerOf[i] == FREE)
                {
                    scoreOf[i] *= weakened(picked, i);
                    if (scoreOf[i] < threshold)
                        ownerOf[i] = NO_BOX;
                }
            }
            barrier();
        }
    }
    barrier();

    int stride = 6 + 2 * landmarks;
    for (int r = LANE; r < kept; r += LANES)
    {
        int to = 4 + r * stride;
        for (int column = 0; column < 4; ++column)
            result[to + column] = meanOf(r, column, width);
        result[to + 4] = float(best[keptOf[r]].key % classes);
        result[to + 5] = scoreOf[keptOf[r]];
        for (int column = 4; column < width; ++column)
            result[to + 2 + column] = meanOf(r, column, width);
    }
    if (LANE == 0)
        result[0] = float(kept);
}
