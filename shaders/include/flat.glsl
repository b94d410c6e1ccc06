// A dispatch whose invocations are numbered through, whatever its groups look like: long ones are cut into rows of groups.

#ifndef FLAT_GLSL
#define FLAT_GLSL

layout(local_size_x = 64) in;

// The number of this invocation. The last group reaches past the end: compare with the count first.
int flatInvocation()
{
    return int((gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * gl_WorkGroupSize.x + gl_LocalInvocationID.x);
}

#endif
