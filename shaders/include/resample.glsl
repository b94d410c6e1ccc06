// Resizing camera frames: what the shaders of ImageToTensor share. Include frame.glsl and tensor.glsl first.
//
//   narrowRow(x, row)  sum over i of wx[x,i] * pixel(firstX[x] + i, row), of a row of the upright picture
//   channelsOf(rgb)    out[c] = ((rgb.r * row[c].x + rgb.g * row[c].y) + rgb.b * row[c].z) + row[c].w
//
// The weights are those of ResampleAxis: for each x, then for each y: a vec4 with first, then as many with weights as hold tapsX
// (tapsY), zeros behind them.
//
// Twin      ImageToTensor, src/RealtimeCnn/Images/ImageToTensor.cs

#ifndef RESAMPLE_GLSL
#define RESAMPLE_GLSL

layout(binding = 0) uniform sampler2D frame;
READ_TENSOR(1, Weights, weights);

layout(std140, binding = 0) uniform Params
{
    ivec4 content;   // the part of the input that shows the picture: left, top, width, height
    ivec4 layoutOf;  // width and height of the input; taps along x and y
    ivec4 origin;    // xy: the stored pixel that is the upright picture's top left one; z: first four stored columns seen; w: fours seen
    ivec4 steps;     // xy: stored step for one upright pixel to the right; zw: downwards
    vec4 rows[3];    // for each channel: factors of red, green, blue, and what is added
    vec4 border;     // rgb
    ivec4 stored;    // xy: width and height of the frame as it is stored; z: 1 where it is seen after a quarter turn
};

// How many vec4s hold so many weights.
int foursOf(int taps)
{
    return (taps + 3) >> 2;
}

// The vec4 at which the weights of column x, or of line y, of the content begin.
int weightsOfColumn(int x)
{
    return x * (1 + foursOf(layoutOf.z));
}

int weightsOfLine(int y)
{
    return weightsOfColumn(content.z) + y * (1 + foursOf(layoutOf.w));
}

bool isTurned()
{
    return stored.z != 0;
}

vec3 narrowRow(int x, int row)
{
    int at = weightsOfColumn(x);
    ivec2 from = origin.xy + int(LOAD(weights, at).x) * steps.xy + row * steps.zw;
    vec3 sum = vec3(0.0);
    for (int i = 0; i < layoutOf.z; ++i)
        sum += LOAD_SCALAR(weights, (at + 1) * 4 + i) * readPixel(frame, stored.xy, from + i * steps.xy);
    return sum;
}

vec4 channelsOf(vec3 rgb)
{
    vec4 channels = vec4(0.0);
    for (int c = 0; c < 3; ++c)
        channels[c] = ((rgb.r * rows[c].x + rgb.g * rows[c].y) + rgb.b * rows[c].z) + rows[c].w;
    return channels;
}

bool showsPicture(ivec2 inside)
{
    return all(greaterThanEqual(inside, ivec2(0))) && all(lessThan(inside, content.zw));
}

#endif
