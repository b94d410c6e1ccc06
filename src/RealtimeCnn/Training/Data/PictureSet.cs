using RealtimeCnn.Images;

namespace RealtimeCnn.Training.Data;

/// <summary>Labelled pictures of one size in memory, a byte for each channel of a pixel.</summary>
public sealed class PictureSet : IDataSet
{
    private readonly byte[] _pixels;
    private readonly int[] _labels;
    private readonly IReadOnlyList<string>? _names;
    private readonly IReadOnlyList<string> _reported;

    /// <summary>Takes pictures over.</summary>
    /// <param name="shape">Shape of one picture, <c>[channels, height, width]</c>.</param>
    /// <param name="pixels">All pictures one behind another, each channel by channel, row 0 at the top; not copied.</param>
    /// <param name="labels">The class of each; not copied.</param>
    /// <param name="classes">Names of the classes, by label.</param>
    /// <param name="names">What each picture is called; null for numbers.</param>
    /// <param name="notes">What was wrong and has been survived; classes without pictures are added.</param>
    /// <exception cref="DataSetException">The numbers of pictures, labels and names differ, there is none, or a label is of no class.</exception>
    public PictureSet(Shape shape, byte[] pixels, int[] labels, IReadOnlyList<string> classes, IReadOnlyList<string>? names = null, IEnumerable<string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        if (shape.Rank != 3 || shape.Count == 0)
            throw new DataSetException($"A picture is [channels, height, width]; the shape is {shape}.");
        if (labels.Length == 0)
            throw new DataSetException("There are no pictures.");
        if (pixels.Length != (long)labels.Length * shape.Count || (names != null && names.Count != labels.Length))
            throw new DataSetException($"{labels.Length} labels do not belong to {pixels.Length / (double)shape.Count:0.##} pictures of {shape}{(names == null ? string.Empty : $" with {names.Count} names")}.");
        int wrong = Array.FindIndex(labels, label => (uint)label >= (uint)classes.Count);
        if (wrong >= 0)
            throw new DataSetException($"Picture {wrong} has label {labels[wrong]}; there are {classes.Count} classes, from 0 on.");
        (SampleShape, _pixels, _labels, Classes, _names) = (shape, pixels, labels, classes, names);
        _reported = [.. notes ?? []];
        Notes = [.. _reported, .. classes.Where((_, label) => !labels.Contains(label)).Select(name => $"Class '{name}' has no pictures.")];
    }

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <inheritdoc/>
    public Shape SampleShape { get; }

    /// <inheritdoc/>
    public Shape TargetShape => new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The class of each picture.</summary>
    public IReadOnlyList<int> Labels => _labels;

    /// <inheritdoc/>
    public string NameOf(int index) => _names?[index] ?? $"#{index}";

    /// <summary>The bytes of a picture, channel by channel.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public ReadOnlySpan<byte> Pixels(int index) => _pixels.AsSpan(checked(index * SampleShape.Count), SampleShape.Count);

    /// <inheritdoc/>
    public void Read(int index, Span<float> sample, Span<float> target)
    {
        var pixels = Pixels(index);
        sample = sample[..pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
            sample[i] = pixels[i];
        target[0] = _labels[index];
    }

    /// <summary>Some of the pictures, in memory of their own.</summary>
    /// <param name="isWanted">Whether a picture is one of them, by its index.</param>
    /// <exception cref="DataSetException">There is none.</exception>
    public PictureSet Part(Func<int, bool> isWanted)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        int[] indices = [.. Enumerable.Range(0, Count).Where(isWanted)];
        byte[] pixels = new byte[indices.Length * SampleShape.Count];
        for (int i = 0; i < indices.Length; i++)
            Pixels(indices[i]).CopyTo(pixels.AsSpan(i * SampleShape.Count));
        return new PictureSet(SampleShape, pixels, [.. indices.Select(index => _labels[index])], Classes, [.. indices.Select(NameOf)], _reported);
    }

    /// <summary>The same pictures in another size or with other channels, as a camera's would be made to fit.</summary>
    /// <param name="size">Height and width, in pixels.</param>
    /// <param name="order">What the channels of the new pictures mean.</param>
    /// <param name="fit">How pictures of other proportions are fitted.</param>
    /// <exception cref="DataSetException">Pictures have other than one or three channels, or there are too many for memory.</exception>
    public PictureSet Resized(Size2d size, ColorOrder order, FitMode fit = FitMode.Stretch)
    {
        int channels = SampleShape[0], area = SampleShape.Count / channels;
        if (channels is not (1 or 3))
            throw new DataSetException($"Pictures of {SampleShape} cannot be resized: they have one channel or three.");
        using var writer = new PictureBytes(new Preprocessing { Size = size, Order = order, Fit = fit, Scale = 1 });
        var format = new FrameFormat(SampleShape[2], SampleShape[1], channels == 1 ? PixelFormat.Gray : PixelFormat.Rgb);
        byte[] interleaved = new byte[SampleShape.Count], pixels = writer.Allocate(Count);
        for (int n = 0; n < Count; n++)
        {
            var planes = Pixels(n);
            for (int i = 0; i < area; i++)
            {
                for (int c = 0; c < channels; c++)
                    interleaved[(i * channels) + c] = planes[(c * area) + i];
            }

            writer.Write(interleaved, format, default, pixels, n);
        }

        return new PictureSet(writer.Shape, pixels, _labels, Classes, _names, _reported);
    }
}
