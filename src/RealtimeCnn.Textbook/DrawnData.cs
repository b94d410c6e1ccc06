using RealtimeCnn.Drawing;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Textbook;

/// <summary>Labelled pictures that claims train networks on, drawn with our own canvas: gray, white ink on black, pixels from 0 to 255.</summary>
internal static class DrawnData
{
    /// <summary>Pictures of each class in turn, <c>[count, 1, side, side]</c>.</summary>
    /// <param name="e">Owns them; its chance is theirs.</param>
    /// <param name="classes">Names of the classes, by label.</param>
    /// <param name="count">How many in all.</param>
    /// <param name="side">Pixels along a side.</param>
    /// <param name="draw">Draws one of a class on an empty canvas.</param>
    public static TensorSet Pictures(Experiment e, IReadOnlyList<string> classes, int count, int side, Action<CpuCanvas, int> draw)
    {
        Tensor samples = e.Own(new Tensor(new Shape(count, 1, side, side))), labels = e.Own(new Tensor(new Shape(count)));
        var canvas = new CpuCanvas();
        for (int n = 0; n < count; n++)
        {
            labels.Span[n] = n % classes.Count;
            canvas.Begin(side, side, Color.Black);
            draw(canvas, n % classes.Count);
            var picture = samples.Span.Slice(n * side * side, side * side);
            for (int i = 0; i < picture.Length; i++)
                picture[i] = canvas.Pixels[4 * i];
        }

        return new TensorSet(samples, labels, classes);
    }

    /// <summary>Printed letters or digits in the middle, 10 pixels high, each a class.</summary>
    /// <param name="e">Owns them; its chance is theirs.</param>
    /// <param name="letters">Which.</param>
    /// <param name="count">How many in all.</param>
    /// <param name="side">Pixels along a side.</param>
    /// <param name="varied">What chance does to each; nothing where null.</param>
    public static TensorSet Letters(Experiment e, string letters, int count, int side, Augmentation? varied = null)
    {
        var face = Typeface.Strong;
        var drawn = Pictures(e, [.. letters.Select(letter => letter.ToString())], count, side, (canvas, label) =>
            canvas.Text($"{letters[label]}", side / 2f, (side - face.LineHeight) / 2, face, Color.White, TextAnchor.Center));
        return varied == null ? drawn : Varied(e, drawn, varied);
    }

    /// <summary>The same pictures after what chance does to them, once for good.</summary>
    public static TensorSet Varied(Experiment e, TensorSet data, Augmentation varied)
    {
        using var loader = new BatchLoader(data, new BatchOptions { Size = data.Count, Seed = e.Random.Next(), IsShuffled = false, Augmentation = varied });
        var all = loader.Epoch(0).Single();
        return new TensorSet(e.Own(all.Samples.Clone()), e.Own(all.Targets.Clone()), data.Classes);
    }

    /// <summary>The first samples as one tensor, in [0, 1]: to be looked at.</summary>
    public static Tensor First(Experiment e, TensorSet data, int count)
    {
        var all = e.Own(new Tensor(new Shape([count, .. Enumerable.Range(0, data.SampleShape.Rank).Select(axis => data.SampleShape[axis])])));
        float[] target = new float[data.TargetShape.Count];
        int elements = data.SampleShape.Count;
        for (int n = 0; n < count; n++)
            data.Read(n, all.Span.Slice(n * elements, elements), target);
        foreach (ref float pixel in all.Span)
            pixel /= 255;
        return all;
    }
}
