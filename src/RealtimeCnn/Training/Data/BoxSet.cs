using RealtimeCnn.Heads;

namespace RealtimeCnn.Training.Data;

/// <summary>Pictures of one size in memory, each with boxes around what it shows.</summary>
public sealed class BoxSet : IDataSet
{
    private readonly PictureSet _pictures;
    private readonly IReadOnlyList<IReadOnlyList<Detection>> _boxes;

    /// <summary>Takes pictures and boxes over.</summary>
    /// <param name="pictures">The pictures; their labels are not used.</param>
    /// <param name="boxes">What each shows, in its pixels; may reach beyond it.</param>
    /// <param name="classes">Names of the classes, by number.</param>
    /// <exception cref="DataSetException">There are more or fewer lists than pictures, or a box is of no class.</exception>
    public BoxSet(PictureSet pictures, IReadOnlyList<IReadOnlyList<Detection>> boxes, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(classes);
        if (boxes.Count != pictures.Count)
            throw new DataSetException($"{boxes.Count} lists of boxes do not belong to {pictures.Count} pictures.");
        if (boxes.SelectMany(list => list).Cast<Detection?>().FirstOrDefault(box => (uint)box!.Value.Class >= (uint)classes.Count) is { } wrong)
            throw new DataSetException($"A box has class {wrong.Class}; there are {classes.Count} classes, from 0 on.");
        (_pictures, _boxes, Classes) = (pictures, boxes, classes);
        TargetShape = BoxTarget.Shape(boxes.Max(list => list.Count));
    }

    /// <inheritdoc/>
    public int Count => _pictures.Count;

    /// <inheritdoc/>
    public Shape SampleShape => _pictures.SampleShape;

    /// <inheritdoc/>
    public Shape TargetShape { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => _pictures.Notes;

    /// <inheritdoc/>
    public string NameOf(int index) => _pictures.NameOf(index);

    /// <inheritdoc/>
    public void Read(int index, Span<float> sample, Span<float> target)
    {
        Span<float> label = stackalloc float[1];
        _pictures.Read(index, sample, label);
        BoxTarget.Write(_boxes[index], target);
    }
}
