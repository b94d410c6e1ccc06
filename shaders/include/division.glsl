// Division of indices by what is known when a dispatch is planned: a multiplication. Processors that run shaders divide whole
// numbers in some twenty instructions, and a CPU that stands in for one divides lane by lane.
//
//   quotient(i, by) = i / d for 0 <= i, remainder(i, d, by) = i mod d, where by holds the multiplier and the shift that IndexDivisor has for d
//
// Twin      IndexDivisor, src/RealtimeCnn.OpenGL/Kernels/IndexDivisor.cs
// Source    Granlund and Montgomery 1994, "Division by Invariant Integers using Multiplication", section 4

#ifndef DIVISION_GLSL
#define DIVISION_GLSL

int quotient(int i, ivec2 by)
{
    uint high, low;
    umulExtended(uint(i) << 1, uint(by.x), high, low);
    return int(high >> uint(by.y));
}

// What the division leaves: i - i / d * d.
int remainder(int i, int d, ivec2 by)
{
    return i - quotient(i, by) * d;
}

#endif
