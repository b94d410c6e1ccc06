#version 430 core

// The best of a detector's candidates, in order: by score, of equal ones by key. Empties the list for the next picture.
//
//   best[r] = the candidate that exactly r others come before, for r < MOST
//
// Of more than MOST, the last one that counts is found byte by byte from the highest on: how many have the bytes so far, and which next
// byte has it. The order of the list does not matter to any of it.
//
// Layout    the list as heads/score.comp writes it.
// Dispatch  one work group.
// Twin      CandidateHeap, src/RealtimeCnn/Heads/CandidateHeap.cs
// Variants  LANES 128

#include "include/lanes.glsl"
#include "include/candidates.glsl"

layout(std140, binding = 0) uniform Params
{
    int most, capacity;
};

layout(std430, binding = 0) writeonly restrict buffer Best
{
    int bestCount;
    int unused;
    Candidate best[];
};
layout(std430, binding = 1) restrict buffer List
{
    int count;
    int unusedToo;
    Candidate candidates[];
};

shared Candidate chosen[MOST_CANDIDATES];
shared int shares[256];
shared uvec2 found;
shared int left, chosenCount;

// Two words, of which more is better: the score's bits, and how far the key is from the last.
uvec2 rankOf(Candidate candidate)
{
    return uvec2(floatBitsToUint(candidate.score), ~uint(candidate.key));
}

uint byteOf(uvec2 rank, int number)
{
    return (number < 4 ? rank.x >> (24 - 8 * number) : rank.y >> (56 - 8 * number)) & 255u;
}

// Whether the bytes before this one are those found.
bool isLikeFound(uvec2 rank, int number)
{
    uint high = number == 0 ? 0u : number >= 4 ? 0xFFFFFFFFu : 0xFFFFFFFFu << (32 - 8 * number);
    uint low = number <= 4 ? 0u : 0xFFFFFFFFu << (64 - 8 * number);
    return ((rank.x ^ found.x) & high) == 0u && ((rank.y ^ found.y) & low) == 0u;
}

void main()
{
    int all = min(count, capacity);
    if (LANE == 0)
    {
        found = uvec2(0u);
        left = most;
        chosenCount = 0;
    }
    barrier();

    if (all > most)
    {
        for (int number = 0; number < 8; ++number)
        {
            for (int i = LANE; i < 256; i += LANES)
                shares[i] = 0;
            barrier();
            for (int i = LANE; i < all; i += LANES)
            {
                uvec2 rank = rankOf(candidates[i]);
                if (isLikeFound(rank, number))
                    atomicAdd(shares[byteOf(rank, number)], 1);
            }
            barrier();
            if (LANE == 0)
            {
                int value = 255;
                for (; value > 0 && shares[value] < left; --value)
                    left -= shares[value];
                if (number < 4)
                    found.x |= uint(value) << (24 - 8 * number);
                else
                    found.y |= uint(value) << (56 - 8 * number);
            }
            barrier();
        }
    }

    uvec2 last = found;
    for (int i = LANE; i < all; i += LANES)
    {
        uvec2 rank = rankOf(candidates[i]);
        if (all <= most || rank.x > last.x || (rank.x == last.x && rank.y >= last.y))
            chosen[atomicAdd(chosenCount, 1)] = candidates[i];
    }
    barrier();

    int kept = chosenCount;
    for (int i = LANE; i < kept; i += LANES)
    {
        Candidate own = chosen[i];
        int before = 0;
        for (int j = 0; j < kept; ++j)
            before += isBefore(chosen[j], own) ? 1 : 0;
        best[before] = own;
    }
    if (LANE == 0)
    {
        bestCount = kept;
        count = 0;
    }
}
