using RealtimeCnn.Images;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.App;

/// <summary>What a model file says about its input, as the camera wants to know it.</summary>
public static class ModelPreprocessing
{
    /// <summary>The preprocessing that a file's metadata asks for. What it leaves open: the input's own size, a centred crop, RGB in [0, 1].</summary>
    /// <param name="model">A model with one picture input <c>[1, C, H, W]</c>, C being 1 or 3.</param>
    /// <exception cref="OnnxException">The input is no picture, or mean and scale do not go with its channels.</exception>
    public static Preprocessing Of(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (metadata, shape) = (model.Metadata, model.Inputs is [var only] ? only.Shape : throw new OnnxException($"A camera fills one input; this model has {model.Inputs.Count}."));
        if (shape.Rank != 4 || shape.Batch != 1 || shape.Channels is not (1 or 3))
            throw new OnnxException($"A camera fills an input [1, 3, H, W] or [1, 1, H, W]; this model's '{model.Inputs[0].Name}' is {shape}.");

        var order = shape.Channels == 1 ? ColorOrder.Gray : metadata.IsBgr == true ? ColorOrder.Bgr : ColorOrder.Rgb;
        return new Preprocessing
        {
            Size = metadata.InputSize ?? new Size2d(shape.Height, shape.Width),
            Fit = metadata.Fit switch { "stretch" => FitMode.Stretch, "letterbox" => FitMode.Letterbox, _ => FitMode.Crop },
            Order = order,
            // The file counts pixels from 0 to 255 and multiplies; the camera counts to 1 and divides.
            Mean = Colour(metadata.Mean, 0, order, mean => mean / 255),
            Deviation = Colour(metadata.Scale, 1f / 255, order, scale => 1 / (scale * 255)),
        };
    }

    private static Rgb Colour(IReadOnlyList<float> numbers, float otherwise, ColorOrder order, Func<double, double> convert)
    {
        double[] channels = numbers.Count switch
        {
            0 => [otherwise, otherwise, otherwise],
            1 => [numbers[0], numbers[0], numbers[0]],
            3 when order != ColorOrder.Gray => [numbers[0], numbers[1], numbers[2]],
            _ => throw new OnnxException($"The model's metadata gives {numbers.Count} numbers for the channels of its input; {(order == ColorOrder.Gray ? "1 is" : "1 or 3 are")} possible."),
        };
        if (order == ColorOrder.Bgr)
            Array.Reverse(channels);
        return new Rgb(convert(channels[0]), convert(channels[1]), convert(channels[2]));
    }
}
