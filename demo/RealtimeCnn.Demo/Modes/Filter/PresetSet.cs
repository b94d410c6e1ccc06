using System.Globalization;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Demo.Modes.Filter;

/// <summary>Kernels to load that belong together.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Filters">The kernels, named.</param>
internal sealed record PresetSet(string Title, IReadOnlyList<Images.Filter> Filters)
{
    private const int Most = 16;

    // Of trained kernels, whose weights are small beside those of classical ones: their magnitudes add up to this.
    private const float Magnitude = 4;

    /// <summary>The classical filters.</summary>
    public static PresetSet Classical { get; } = new("classical", [.. Images.Filters.All, KernelWindow.Outline, new("sharpen", 3, [0, -1, 0, -1, 5, -1, 0, -1, 0])]);

    /// <summary>The kernels of a model's first convolution, each the mean over the colours it reads, brought to one strength; null where that has no odd square window of 3 to 7.</summary>
    public static PresetSet? Of(ShownModel model)
    {
        var first = model.Graph.Nodes.FirstOrDefault(node => node.Layer is ConvolutionLayer);
        if (first is not { Layer: ConvolutionLayer { Kernel: { Height: 3 or 5 or 7 } kernel } } || kernel.Width != kernel.Height)
            return null;
        var weight = first.Parameters[0];
        int area = kernel.Height * kernel.Width, inputs = (int)(weight.Shape.Count / weight.Shape[0] / area), count = Math.Min(weight.Shape[0], Most);
        return new PresetSet($"{model.Name}, first layer", [.. Enumerable.Range(0, count).Select(i => new Images.Filter(
            string.Create(CultureInfo.InvariantCulture, $"{model.Name} {i + 1}"), kernel.Height, Mean(weight.Values.Slice(i * inputs * area, inputs * area), area)))]);
    }

    private static float[] Mean(ReadOnlySpan<float> weights, int area)
    {
        float[] mean = new float[area];
        for (int i = 0; i < weights.Length; i++)
            mean[i % area] += weights[i];
        float magnitude = Math.Max(mean.Sum(Math.Abs), 1e-6f);
        for (int i = 0; i < area; i++)
            mean[i] *= Magnitude / magnitude;
        return mean;
    }
}
