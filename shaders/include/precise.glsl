// PRECISE: what is assigned is rounded after each operation, in the order that is written. OpenGL ES 3.1 has no word for it, only an
// extension that nearly every driver has (the header that shaders get there enables it); without one the compiler may contract, and
// HAS_PRECISE is not defined.

#ifndef PRECISE_GLSL
#define PRECISE_GLSL

#if !defined(GL_ES) || defined(GL_EXT_gpu_shader5)
#define HAS_PRECISE
#define PRECISE precise
#else
#define PRECISE
#endif

#endif
