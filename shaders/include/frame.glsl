// Reading camera frames. A frame is uploaded as its bytes lie in memory, whatever its format, into one texture, and
// turned into red, green, blue in [0, 1] here; row 0 is the top. Read by texelFetch arithmetic only: samplers of real
// GPUs interpolate with 8-bit weights.
//
//   format  texture                 FRAME_...
//   Gray    R8,    W x H            GRAY
//   Rgb     R8,    3W x H           RGB     three texels a pixel
//   Bgr     R8,    3W x H           BGR
//   Rgba    RGBA8, W x H            RGBA
//   Bgra    RGBA8, W x H            BGRA    the bytes, so x is blue
//   Yuyv    RGBA8, W/2 x H          YUYV    one texel for two pixels: Y0 U Y1 V
//   Nv12    R8,    W x 3H/2         NV12    H rows of Y, then H/2 rows of U V
//   YUV also has FRAME_BT709 (else BT.601) and FRAME_FULL_RANGE (else limited).
//
//   FRAME_PACKED: a frame of single bytes whose rows are whole texels of four lies in an RGBA8 texture of a quarter of that width.
//
//   FRAME_STREAM: a frame whose rows or columns are longer than a texture's side lies in an RGBA8 texture as one stream of bytes,
//   four to a texel, row after row of texels.
//
// Twin      FrameBlend, src/RealtimeCnn/Images/FrameBlend.cs
// Source    ITU-R BT.601-7 and BT.709-6, section 3 of each

#ifndef FRAME_GLSL
#define FRAME_GLSL

vec3 rgbFromYuv(float y, float u, float v)
{
    u -= 128.0 / 255.0;
    v -= 128.0 / 255.0;
#ifndef FRAME_FULL_RANGE
    y = (y - 16.0 / 255.0) * (255.0 / 219.0);
    u *= 255.0 / 224.0;
    v *= 255.0 / 224.0;
#endif
#ifdef FRAME_BT709
    return clamp(vec3(y + 1.5748 * v, y - 0.18732427 * u - 0.46812427 * v, y + 1.8556 * u), 0.0, 1.0);
#else
    return clamp(vec3(y + 1.402 * v, y - 0.34413629 * u - 0.71413629 * v, y + 1.772 * u), 0.0, 1.0);
#endif
}

#ifdef FRAME_STREAM

float byteAt(sampler2D frame, int address)
{
    int width = textureSize(frame, 0).x;
    int texel = address >> 2;
    return texelFetch(frame, ivec2(texel % width, texel / width), 0)[address & 3];
}

vec3 bytesAt(sampler2D frame, int address)
{
    return vec3(byteAt(frame, address), byteAt(frame, address + 1), byteAt(frame, address + 2));
}

// The colour of a stored pixel, which has to exist, of a frame of so many pixels.
vec3 readPixel(sampler2D frame, ivec2 size, ivec2 at)
{
    int pixel = at.y * size.x + at.x;
#if defined(FRAME_GRAY)
    return vec3(byteAt(frame, pixel));
#elif defined(FRAME_RGB)
    return bytesAt(frame, pixel * 3);
#elif defined(FRAME_BGR)
    return bytesAt(frame, pixel * 3).bgr;
#elif defined(FRAME_BGRA)
    return bytesAt(frame, pixel * 4).bgr;
#elif defined(FRAME_YUYV)
    int pair = (pixel - (at.x & 1)) * 2;
    return rgbFromYuv(byteAt(frame, pixel * 2), byteAt(frame, pair + 1), byteAt(frame, pair + 3));
#elif defined(FRAME_NV12)
    int chroma = (size.y + (at.y >> 1)) * size.x + (at.x & ~1);
    return rgbFromYuv(byteAt(frame, pixel), byteAt(frame, chroma), byteAt(frame, chroma + 1));
#else
    return bytesAt(frame, pixel * 4);
#endif
}

#elif defined(FRAME_PACKED)

// A byte of a row.
float byteAt(sampler2D frame, int x, int y)
{
    return texelFetch(frame, ivec2(x >> 2, y), 0)[x & 3];
}

// The colour of a stored pixel, which has to exist, of a frame of so many pixels.
vec3 readPixel(sampler2D frame, ivec2 size, ivec2 at)
{
#if defined(FRAME_GRAY)
    return vec3(byteAt(frame, at.x, at.y));
#elif defined(FRAME_NV12)
    int chroma = at.x & ~1;
    int row = size.y + (at.y >> 1);
    return rgbFromYuv(byteAt(frame, at.x, at.y), byteAt(frame, chroma, row), byteAt(frame, chroma + 1, row));
#else
    vec3 bytes = vec3(byteAt(frame, at.x * 3, at.y), byteAt(frame, at.x * 3 + 1, at.y), byteAt(frame, at.x * 3 + 2, at.y));
#ifdef FRAME_BGR
    return bytes.bgr;
#else
    return bytes;
#endif
#endif
}

#else

// The colour of a stored pixel, which has to exist, of a frame of so many pixels.
vec3 readPixel(sampler2D frame, ivec2 size, ivec2 at)
{
#if defined(FRAME_GRAY)
    return texelFetch(frame, at, 0).rrr;
#elif defined(FRAME_RGB) || defined(FRAME_BGR)
    ivec2 first = ivec2(at.x * 3, at.y);
    vec3 bytes = vec3(
        texelFetch(frame, first, 0).r, texelFetch(frame, first + ivec2(1, 0), 0).r, texelFetch(frame, first + ivec2(2, 0), 0).r);
#ifdef FRAME_BGR
    return bytes.bgr;
#else
    return bytes;
#endif
#elif defined(FRAME_BGRA)
    return texelFetch(frame, at, 0).bgr;
#elif defined(FRAME_YUYV)
    vec4 pair = texelFetch(frame, ivec2(at.x >> 1, at.y), 0);
    return rgbFromYuv((at.x & 1) == 0 ? pair.r : pair.b, pair.g, pair.a);
#elif defined(FRAME_NV12)
    ivec2 chroma = ivec2(at.x & ~1, size.y + (at.y >> 1));
    return rgbFromYuv(
        texelFetch(frame, at, 0).r, texelFetch(frame, chroma, 0).r, texelFetch(frame, chroma + ivec2(1, 0), 0).r);
#else
    return texelFetch(frame, at, 0).rgb;
#endif
}

#endif

// The colours of four stored pixels beside one another, the first one at a multiple of four, of a frame of so many pixels. Those
// behind the end of a row repeat its last one.
mat4x3 readFour(sampler2D frame, ivec2 size, ivec2 at)
{
#if defined(FRAME_PACKED) && defined(FRAME_GRAY)
    vec4 bytes = texelFetch(frame, ivec2(at.x >> 2, at.y), 0);
    return mat4x3(bytes.rrr, bytes.ggg, bytes.bbb, bytes.aaa);
#elif defined(FRAME_PACKED) && defined(FRAME_NV12)
    vec4 y = texelFetch(frame, ivec2(at.x >> 2, at.y), 0);
    vec4 uv = texelFetch(frame, ivec2(at.x >> 2, size.y + (at.y >> 1)), 0);
    return mat4x3(rgbFromYuv(y.x, uv.x, uv.y), rgbFromYuv(y.y, uv.x, uv.y), rgbFromYuv(y.z, uv.z, uv.w), rgbFromYuv(y.w, uv.z, uv.w));
#elif defined(FRAME_PACKED)
    int first = (at.x >> 2) * 3;
    vec4 a = texelFetch(frame, ivec2(first, at.y), 0);
    vec4 b = texelFetch(frame, ivec2(first + 1, at.y), 0);
    vec4 c = texelFetch(frame, ivec2(first + 2, at.y), 0);
#ifdef FRAME_BGR
    return mat4x3(a.zyx, b.yx, a.w, c.x, b.wz, c.wzy);
#else
    return mat4x3(a.xyz, a.w, b.xy, b.zw, c.x, c.yzw);
#endif
#elif defined(FRAME_YUYV) && !defined(FRAME_STREAM)
    int first = at.x >> 1;
    vec4 a = texelFetch(frame, ivec2(first, at.y), 0);
    vec4 b = texelFetch(frame, ivec2(min(first + 1, (size.x >> 1) - 1), at.y), 0);
    return mat4x3(rgbFromYuv(a.r, a.g, a.a), rgbFromYuv(a.b, a.g, a.a), rgbFromYuv(b.r, b.g, b.a), rgbFromYuv(b.b, b.g, b.a));
#else
    int last = size.x - 1;
    return mat4x3(
        readPixel(frame, size, at), readPixel(frame, size, ivec2(min(at.x + 1, last), at.y)),
        readPixel(frame, size, ivec2(min(at.x + 2, last), at.y)), readPixel(frame, size, ivec2(min(at.x + 3, last), at.y)));
#endif
}

#endif
