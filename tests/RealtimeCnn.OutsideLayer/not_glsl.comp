#version 430 core

#include "include/flat.glsl"

void main()
{
    int i = flatInvocation() + undeclared;
}
