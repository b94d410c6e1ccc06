using RealtimeCnn.Camera;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Models;

/// <summary>What a command feeds a model: a photograph, a NumPy file, or noise.</summary>
internal static class InputTensors
{
    /// <summary>The values of all inputs; the caller disposes them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">A photograph or .npy file for the first input; null for noise. Further inputs are noise.</param>
    /// <exception cref="InputException">The file does not fit the input.</exception>
    public static Tensor[] Open(OpenedModel model, string? path)
    {
        var shapes = model.Graph.InputShapes;
        return [.. shapes.Select((shape, i) => i == 0 && path != null ? Read(path, shape, model) : Noise(shape, i))];
    }

    private static Tensor Read(string path, Shape shape, OpenedModel model)
    {
        if (!File.Exists(path))
            throw new InputException($"There is no file '{path}'.");
        return Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase) ? NpyFile.Read(path).ToTensor() : Picture(path, shape, model);
    }

    /// <summary>A photograph, prepared as the model says and repeated over the batch.</summary>
    private static Tensor Picture(string path, Shape shape, OpenedModel model)
    {
        if (shape.Rank != 4 || shape.Channels is not (1 or 3))
            throw new InputException($"A photograph fits an input [N, 1 or 3, H, W]; this model's is {shape}. Give an .npy file.");
        using var photograph = Photograph.Load(path);
        var converter = new ImageToTensor(model.PreprocessingFor(shape));
        var tensor = new Tensor(shape);
        for (int item = 0; item < shape.Batch; item++)
            converter.Run(photograph, tensor, item);
        return tensor;
    }

    private static Tensor Noise(Shape shape, int seed)
    {
        var random = new Random(seed);
        var tensor = new Tensor(shape);
        foreach (ref float value in tensor.Span)
            value = (random.NextSingle() * 2) - 1;
        return tensor;
    }
}
