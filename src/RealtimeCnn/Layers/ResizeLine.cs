using System.Numerics;

namespace RealtimeCnn.Layers;

/// <summary>
/// Where the pixels of a resized axis lie in the input, the only place it is written down: pixel o at
/// <c>(o + Shift) · Step − Shift + Origin</c>. Kernels compute it in float32, as ONNX Runtime does; the importer's matrices in double.
/// </summary>
/// <param name="Step">Pixels of the input from one pixel of the output to the next.</param>
/// <param name="Shift">Where in a pixel its place is: 0.5 for the middle.</param>
/// <param name="Origin">Added to every place.</param>
public readonly record struct ResizeLine(double Step, double Shift, double Origin = 0)
{
    /// <summary>The line of a rule.</summary>
    /// <param name="coordinates">The rule.</param>
    /// <param name="input">Pixels of the input.</param>
    /// <param name="output">Pixels of the output; where a scale was asked for, files mean the product before it is rounded.</param>
    /// <param name="scale">Output over input as it was asked for; 0 where sizes were.</param>
    public static ResizeLine Of(ResizeCoordinates coordinates, int input, double output, double scale)
    {
        double step = scale > 0 ? 1 / scale : input / output;
        return coordinates switch
        {
            ResizeCoordinates.AlignCorners => new ResizeLine(output == 1 ? 0 : (input - 1.0) / (output - 1), 0),
            ResizeCoordinates.Asymmetric => new ResizeLine(step, 0),
            ResizeCoordinates.PyTorchHalfPixel when output <= 1 => new ResizeLine(0, 0),
            _ => new ResizeLine(step, 0.5),
        };
    }

    /// <summary>Pixels that are left of an axis: <c>floor(input · scale)</c>, in float32.</summary>
    /// <param name="input">Pixels of the input.</param>
    /// <param name="scale">Output pixels for each of them, above 0.</param>
    public static int Extent(int input, float scale) => (int)Math.Min(input * scale, int.MaxValue);

    /// <summary>The place of a pixel in the input.</summary>
    /// <param name="pixel">Number of the pixel in the output.</param>
    public double At(int pixel) => ((pixel + Shift) * Step) - Shift + Origin;

    /// <summary>The pixel that counts as the nearest to a place; may lie outside.</summary>
    /// <param name="place">A place in the input.</param>
    /// <param name="rounding">Which of two pixels counts.</param>
    public static T Nearest<T>(T place, NearestRounding rounding)
        where T : IFloatingPointIeee754<T>
    {
        var half = T.CreateTruncating(0.5);
        return rounding switch
        {
            NearestRounding.PreferFloor => T.Ceiling(place - half),
            NearestRounding.PreferCeil => T.Floor(place + half),
            NearestRounding.Floor => T.Floor(place),
            _ => T.Ceiling(place),
        };
    }
}
