using RealtimeCnn.Camera;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Models;

/// <summary>What a command feeds a model: a photograph, a NumPy file, or noise.</summary>
internal static class InputTensors
{
    /// <summary>The values of all inputs; the caller disposes them.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="path">A photograph or .npy file for the first input; null for noise. Further inputs are noise.</param>
    /// <exception cref="InputException">The file does not fit the input.</exception>
    public static Tensor[] Open(Graph graph, string? path)
    {
        var shapes = graph.InputShapes;
        Tensor[] tensors = [.. shapes.Select((shape, i) => i == 0 && path != null ? Read(path, shape) : Noise(shape, i))];
        return tensors;
    }

    private static Tensor Read(string path, Shape shape)
    {
        if (!File.Exists(path))
            throw new InputException($"There is no file '{path}'.");
        return Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase) ? NpyFile.Read(path).ToTensor() : Picture(path, shape);
    }

    /// <summary>A photograph fitted to the input and normalised as ImageNet models expect, repeated over the batch.</summary>
    private static Tensor Picture(string path, Shape shape)
    {
        if (shape.Rank != 4 || shape.Channels is not (1 or 3))
            throw new InputException($"A photograph fits an input [N, 1 or 3, H, W]; this model's is {shape}. Give an .npy file.");
        using var photograph = Photograph.Load(path);
        var preprocessing = Preprocessing.ImageNet(new Size2d(shape.Height, shape.Width)) with { Order = shape.Channels == 1 ? ColorOrder.Gray : ColorOrder.Rgb };
        var tensor = new Tensor(shape);
        for (int item = 0; item < shape.Batch; item++)
            new ImageToTensor(preprocessing).Run(photograph, tensor, item);
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
