using System.Numerics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;
using RealtimeCnn.Regions;

namespace RealtimeCnn.Tests.Live;

/// <summary>Things whose truth is known: a red and a green dot beside each other, moving and turning on black; and two networks, made by hand, that find them and say where the dots are.</summary>
internal static class DotScene
{
    public const float Between = 16, Radius = 4;
    public static readonly FrameFormat Format = new(192, 144, PixelFormat.Rgb);
    public static readonly Preprocessing Whole = new() { Size = new Size2d(36, 48) };
    public static readonly Preprocessing Part = new() { Size = new Size2d(32, 32) };

    /// <summary>A region of 96 pixels around both dots, in which the red one lies left of the green one.</summary>
    public static readonly RegionOptions Regions = new()
    {
        MaximumRegions = 1, Followed = new RegionRule { From = [0], To = [1], IsBoxTurned = true, Scale = 6 },
        // As they are measured.
        Tracking = new() { ConfirmAfter = 1, Smoothing = new() { MinCutoff = 1e9 } },
    };

    public static readonly LandmarkHead Landmarks = new() { Points = 2, Presence = PresenceScore.Logit };

    public static readonly CentreHead Detector = new() { Threshold = 0.5f };

    /// <summary>Where the dots of a thing are.</summary>
    public static (Vector2 Red, Vector2 Green) Dots(Vector2 middle, float angle)
    {
        var half = new Vector2(MathF.Cos(angle), MathF.Sin(angle)) * (Between / 2);
        return (middle - half, middle + half);
    }

    /// <summary>A picture of things, each with its middle and the direction from its red to its green dot; edges are smooth.</summary>
    public static byte[] Draw(params ReadOnlySpan<(Vector2 Middle, float Angle)> things)
    {
        byte[] pixels = new byte[Format.Bytes];
        foreach (var (middle, angle) in things)
        {
            var (red, green) = Dots(middle, angle);
            Disk(red, 0);
            Disk(green, 1);
        }

        return pixels;

        void Disk(Vector2 at, int channel)
        {
            for (int y = Math.Max(0, (int)(at.Y - Radius - 2)); y < Math.Min(Format.Height, at.Y + Radius + 2); y++)
            {
                for (int x = Math.Max(0, (int)(at.X - Radius - 2)); x < Math.Min(Format.Width, at.X + Radius + 2); x++)
                    pixels[(((y * Format.Width) + x) * 3) + channel] = (byte)(255 * Math.Clamp(Radius + 0.5f - Vector2.Distance(at, new Vector2(x + 0.5f, y + 0.5f)), 0, 1));
            }
        }
    }

    public static Frame Frame(FramePool pool, byte[] pixels, int number, int perSecond = 30)
    {
        var buffer = pool.TryRent(Format.Bytes)!;
        pixels.CopyTo(buffer.Bytes);
        return new Frame(buffer, Format, TimeSpan.FromSeconds((double)number / perSecond), number);
    }

    public static LiveRegions Second(INetwork network, RegionOptions? options = null) => new(network) { Preprocessing = Part, Head = Landmarks, Options = options ?? Regions };

    public static LiveOptions Finding(INetwork second, RegionOptions? options = null) => new() { Preprocessing = Whole, Head = Detector, Regions = Second(second, options) };

    /// <summary>Heat where it is bright around a place, and a box of 64 pixels of the picture there.</summary>
    public static Graph Finder()
    {
        var builder = new GraphBuilder(1);
        var places = builder.Start(new Shape(1, 3, Whole.Size.Height, Whole.Size.Width), "picture").AveragePool2d(4);
        var graph = builder.Build(places.Conv2d(1, kernel: 3, padding: 1, name: "heat"), places.Conv2d(2, kernel: 1, name: "classes"), places.Conv2d(4, kernel: 1, name: "boxes"));
        float[] around = [0.25f, 0.5f, 0.25f, 0.5f, 1, 0.5f, 0.25f, 0.5f, 0.25f];
        graph["heat"].Parameters[0].Write([.. Enumerable.Range(0, 3).SelectMany(_ => around.Select(weight => 60 * weight))]);
        graph["heat"].Parameters[1].Write([-6]);
        foreach (var (name, biases) in new (string, float[])[] { ("classes", [9, 0]), ("boxes", [0.5f, 0.5f, 0, 0]) })
        {
            graph[name].Parameters[0].Write(new float[graph[name].Parameters[0].Shape.Count]);
            graph[name].Parameters[1].Write(biases);
        }

        return graph;
    }

    /// <summary>The centres of what is red and of what is green, and a logit that grows with how much of them there is.</summary>
    /// <param name="least">What sums of brightness are divided by besides; 0 gives NaN where there is nothing.</param>
    /// <param name="bias">Of the logit.</param>
    /// <param name="shift">Added to the points.</param>
    public static Graph Pointer(float least = 1e-6f, float bias = -8, float shift = 0)
    {
        int height = Part.Size.Height, width = Part.Size.Width, area = height * width;
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 3, height, width), "region").Flatten();
        var moments = x.Linear(4, name: "moments");
        var points = moments.Then(new Divide(), [x.Linear(4, name: "sums")]).Then(new Add(), [x.Linear(4, name: "shift")], "points");
        var graph = builder.Build(points, x.Linear(1, name: "presence"));
        float[] moment = new float[4 * 3 * area], sum = new float[4 * 3 * area], presence = new float[3 * area];
        for (int i = 0; i < area; i++)
        {
            for (int channel = 0; channel < 2; channel++)
            {
                int at = (channel * area) + i;
                moment[(2 * channel * 3 * area) + at] = (i % width) + 0.5f;
                moment[(((2 * channel) + 1) * 3 * area) + at] = (i / width) + 0.5f;
                sum[(2 * channel * 3 * area) + at] = sum[(((2 * channel) + 1) * 3 * area) + at] = 1;
                presence[at] = 2;
            }
        }

        foreach (var (name, weights, biases) in new (string, float[], float[])[]
        {
            ("moments", moment, [0, 0, 0, 0]), ("sums", sum, [least, least, least, least]), ("presence", presence, [bias]), ("shift", new float[moment.Length], [shift, shift, shift, shift]),
        })
        {
            graph[name].Parameters[0].Write(weights);
            graph[name].Parameters[1].Write(biases);
        }

        return graph;
    }
}
