// A dispatch whose invocations are numbered through, whatever its groups look like: long ones are cut into rows of groups.

#ifndef FLAT_GLSL
#define FLAT_GLSL

#ifndef LANES
#define LANES 1
#endif

#if defined(TILE_GROUP)
layout(local_size_x = TILE_GROUP) in;
#elif LANES == 1
layout(local_size_x = 64) in;
#else
layout(local_size_x = LANES) in;
#endif

// The number of this work group. The last row of a long dispatch reaches past the end: compare with the count first.
int flatGroup()
{
    return int(gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x);
}

// The number of this invocation. The last group reaches past the end: compare with the count first.
int flatInvocation()
{
    return flatGroup() * int(gl_WorkGroupSize.x) + int(gl_LocalInvocationID.x);
}

// a / b for a up to 2^24 and quotients up to 2^20. Dividing integers is slow nearly everywhere; the quotient of floats is off by one
// at most.
int quotient(int a, int b)
{
    int q = int(float(a) / float(b));
    int rest = a - q * b;
    return rest < 0 ? q - 1 : rest >= b ? q + 1 : q;
}

#endif
