// Candidates of a detector: a class of a place, and its score. A key is the place's number times the classes, and the class.

#ifndef CANDIDATES_GLSL
#define CANDIDATES_GLSL

// As DetectionHead.MostCandidates.
#define MOST_CANDIDATES 512

struct Candidate
{
    float score;
    int key;
};

// Neither a NaN nor infinite; the bits decide, because a compiler may take a comparison with a NaN for true.
bool isFinite(float x)
{
    return (floatBitsToUint(x) & 0x7F800000u) != 0x7F800000u;
}

// Whether a comes before b: by score, then by key.
bool isBefore(Candidate a, Candidate b)
{
    return a.score > b.score || (a.score == b.score && a.key < b.key);
}

#endif
