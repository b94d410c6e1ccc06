using RealtimeCnn.Heads;

namespace RealtimeCnn.Training.Data.Scenes;

/// <summary>
/// Scenes composed of small pictures of single marks, light on dark such as MNIST's digits, and of photographs: marks in any ink on sheets,
/// boards and walls, among letters and shapes, in any light. A <see cref="BatchLoader"/> gets new ones in every epoch; without epochs, a scene follows from seed and number.
/// </summary>
public sealed class SceneSet : IDataSet, IDrawnSet
{
    private readonly PictureSet _marks;
    private readonly SceneComposer _composer;
    private readonly SceneOptions _options;

    /// <summary>A set that composes scenes as they are read.</summary>
    /// <param name="marks">What is to be found: pictures of one channel, light marks on black.</param>
    /// <param name="photographs">What stands behind it: pictures of three channels.</param>
    /// <param name="options">What scenes look like; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not possible; the message names it.</exception>
    /// <exception cref="DataSetException">Marks or photographs have other channels.</exception>
    public SceneSet(PictureSet marks, PictureSet photographs, SceneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(marks);
        ArgumentNullException.ThrowIfNull(photographs);
        _options = options ?? new SceneOptions();
        _options.Verify();
        if (marks.SampleShape[0] != 1 || photographs.SampleShape[0] != 3)
            throw new DataSetException($"Scenes are made of marks [1, height, width] and photographs [3, height, width]; they are {marks.SampleShape} and {photographs.SampleShape}.");
        (_marks, _composer) = (marks, new SceneComposer(marks, photographs, _options));
        SampleShape = new Shape(3, _options.Size.Height, _options.Size.Width);
    }

    /// <inheritdoc/>
    public int Count => _options.Count;

    /// <inheritdoc/>
    public Shape SampleShape { get; }

    /// <inheritdoc/>
    public Shape TargetShape => BoxTarget.Shape(_options.MostMarks);

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _marks.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => [];

    /// <inheritdoc/>
    public string NameOf(int index) => $"scene-{index:00000}";

    /// <inheritdoc/>
    public void Read(int index, Span<float> sample, Span<float> target) => Compose(index, new SampleRandom(_options.Seed, -1, index), sample, target);

    void IDrawnSet.Draw(int index, ref SampleRandom random, Span<float> sample, Span<float> target)
    {
        // The scene's chance is one of its own, so that an augmentation behind it draws the same however much the scene drew.
        Compose(index, new SampleRandom(random.Next(int.MaxValue), 0, index), sample, target);
    }

    private void Compose(int index, SampleRandom random, Span<float> sample, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        var boxes = new List<Detection>();
        _composer.Compose(random, sample, boxes);
        BoxTarget.Write(boxes, target);
    }
}
