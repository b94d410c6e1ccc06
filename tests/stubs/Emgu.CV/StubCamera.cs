using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Emgu.CV.CvEnum;

namespace Emgu.CV;

/// <summary>What a test's camera or file does; not part of the real library. A test registers it under the name that is opened.</summary>
public sealed class StubCamera
{
    private static readonly ConcurrentDictionary<string, StubCamera> Registered = new();
    private int _open;
    private int _opened;
    private int _grabbed;

    public Dictionary<CapProp, double> Properties { get; } = new() { [CapProp.FrameWidth] = 6, [CapProp.FrameHeight] = 4, [CapProp.Fps] = 30 };

    public HashSet<CapProp> Supports { get; } = [CapProp.FrameWidth, CapProp.FrameHeight, CapProp.Fps, CapProp.Buffersize, CapProp.PosFrames];

    public volatile bool Present = true;

    public int Padding { get; set; } = 2;

    public int Channels { get; set; } = 3;

    public DepthType Depth { get; set; } = DepthType.Cv8U;

    /// <summary>Runs in the constructor of a capture: may hang.</summary>
    public Action OnOpen { get; set; } = () => { };

    /// <summary>What Grab does for the n-th picture: whether there is one; may hang.</summary>
    public Func<int, bool> OnGrab { get; set; } = _ => true;

    /// <summary>Whether Retrieve has a picture for the n-th grab; null gives an empty one.</summary>
    public Func<int, bool?> OnRetrieve { get; set; } = _ => true;

    /// <summary>The n-th picture's value of every byte.</summary>
    public Func<int, byte> Shade { get; set; } = n => (byte)n;

    public int OpenNow => Volatile.Read(ref _open);

    public int OpenedEver => Volatile.Read(ref _opened);

    public static void Register(string name, StubCamera camera) => Registered[name] = camera;

    internal static StubCamera? Find(string name) => Registered.GetValueOrDefault(name);

    internal void Opened()
    {
        Interlocked.Increment(ref _open);
        Interlocked.Increment(ref _opened);
    }

    internal void Set(CapProp property, double value)
    {
        Properties[property] = value;
        if (property == CapProp.PosFrames)
            _grabbed = (int)value;
    }

    internal void Closed() => Interlocked.Decrement(ref _open);

    internal bool Grab()
    {
        int number = _grabbed;
        if (!Present || !OnGrab(number))
            return false;
        _grabbed++;
        Properties[CapProp.PosMsec] = number * 40;
        return true;
    }

    internal bool Retrieve(Mat image)
    {
        int number = _grabbed - 1;
        switch (OnRetrieve(number))
        {
            case false:
                return false;
            case null:
                image.Clear();
                return true;
        }

        image.Create((int)Properties[CapProp.FrameHeight], (int)Properties[CapProp.FrameWidth], Depth, Channels, Padding);
        for (int row = 0; row < image.Rows; row++)
        {
            for (int column = 0; column < image.Cols * Channels; column++)
                Marshal.WriteByte(image.DataPointer, (row * image.Step) + column, (byte)(Shade(number) + row + column));
        }

        return true;
    }
}
