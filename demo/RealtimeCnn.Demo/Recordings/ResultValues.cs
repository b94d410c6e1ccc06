using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>What is kept of one result: of all outputs that came back, of what a detector found, and of the values that are drawn. Once it has held a network's, it allocates nothing.</summary>
internal sealed class ResultValues
{
    private static readonly string[] OutputNames = [.. Enumerable.Range(0, 64).Select(i => $"output {i}")];
    private readonly List<RecordedValue> _values = [];
    private float[] _elements = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them.</summary>
    public RecordedValue this[int index] => _values[index];

    /// <summary>Takes a result.</summary>
    /// <param name="result">It holds for the call.</param>
    /// <param name="scene">Where it was computed; its newest one is this.</param>
    /// <param name="mayWait">Whether values that are drawn on a GPU are waited for; else they are left out.</param>
    public void Take(LiveResult result, Scene scene, bool mayWait)
    {
        Count = 0;
        for (int i = 0; i < result.Outputs.Count; i++)
            Next().Take(NameOf(i), result.Outputs[i].Span);
        if (scene.Options.Head != null)
            Take(result.Detections);
        if (!mayWait && scene.Canvas is not CpuCanvas)
            return;
        for (int i = 0; i < scene.Options.Drawn.Count; i++)
        {
            var value = scene.Value(scene.Options.Drawn[i]);
            var elements = Elements(value.Shape.Count);
            value.CopyTo(elements);
            Next().Take(value.Name, elements);
        }
    }

    /// <summary>Takes one that was read.</summary>
    public void Add(RecordedValue value)
    {
        _values.Insert(Count, value);
        Count++;
    }

    /// <summary>Becomes a copy of another.</summary>
    public void CopyFrom(ResultValues other)
    {
        Count = 0;
        for (int i = 0; i < other.Count; i++)
            Next().CopyFrom(other[i]);
    }

    /// <summary>The value of a name; null where there is none.</summary>
    public RecordedValue? Find(string name)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_values[i].Name == name)
                return _values[i];
        }

        return null;
    }

    /// <summary>What a network is called, in recordings and in what is said of them.</summary>
    public static string NameOf(ISceneNetwork network) => network switch
    {
        ShownModel model => model.Name,
        LayeredModel layered => layered.Model.Name,
        _ => network.GetType().Name,
    };

    // For each thing its box, score, class and landmarks.
    private void Take(Detections found)
    {
        const int Fields = 6;
        int each = Fields + (2 * found.Landmarks);
        var elements = Elements(found.Count * each);
        for (int i = 0; i < found.Count; i++)
        {
            var box = found[i];
            var at = elements[(i * each)..];
            (at[0], at[1], at[2], at[3], at[4], at[5]) = (box.Left, box.Top, box.Right, box.Bottom, box.Score, box.Class);
            var points = found.LandmarksOf(i);
            for (int p = 0; p < points.Length; p++)
                (at[Fields + (2 * p)], at[Fields + (2 * p) + 1]) = (points[p].X, points[p].Y);
        }

        Next().Take("found", elements);
    }

    private Span<float> Elements(int count)
    {
        if (_elements.Length < count)
            _elements = new float[count];
        return _elements.AsSpan(0, count);
    }

    private RecordedValue Next()
    {
        if (Count == _values.Count)
            _values.Add(new RecordedValue());
        return _values[Count++];
    }

    private static string NameOf(int output) => output < OutputNames.Length ? OutputNames[output] : $"output {output}";
}
