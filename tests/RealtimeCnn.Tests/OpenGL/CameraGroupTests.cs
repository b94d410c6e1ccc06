using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.Live;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Two cameras and three networks on one device: the first camera has a picture in every turn and two networks, the second one in every third.</summary>
[Collection(GlTests.Name)]
public sealed class CameraGroupTests(GlFixture gl)
{
    private const int Turns = 300;
    private static readonly Preprocessing Input = new() { Size = new Size2d(8, 8) };

    [Fact]
    public void Who_needs_little_gets_all_of_it_and_the_others_share_the_rest() =>
        AssertServed([100, 100, 100], picturesPerTurn: 1);

    [Fact]
    public void Turns_are_shared_in_the_proportions_that_were_asked_for() =>
        AssertServed([150, 50, 100], picturesPerTurn: 1, shares: [3, 1, 4]);

    [Fact]
    public void Where_there_is_room_for_all_each_has_the_rate_of_its_pictures() =>
        AssertServed([300, 300, 100], picturesPerTurn: 3);

    [Fact]
    public void A_rate_is_kept_and_what_it_leaves_is_for_others() =>
        AssertServed([175, 25, 100], picturesPerTurn: 1, mostPerSecond: [null, 2.5, null]);

    [Fact]
    public void Networks_come_and_go_while_others_run_and_leave_nothing_behind() => gl.Run(device =>
    {
        using var graph = Mean(8);
        using var camera = new ScriptedSource();
        using var shared = new SharedSource(camera);
        using var group = new CameraGroup(device) { PicturesPerTurn = 2 };
        var stays = new CameraNetwork(graph, Options(shared));
        group.Add(stays);
        Run(8);
        int objects = 0;
        long native = 0;
        for (int i = 0; i < 4; i++)
        {
            long served = stays.FramesProcessed;
            using var other = Mean(12);
            using (var guest = new CameraNetwork(other, new() { Preprocessing = Input with { Size = new Size2d(12, 12) }, Backend = "gpu", OpenSource = shared.Open }))
            {
                group.Add(guest);
                Assert.Equal([stays, guest], group.Networks);
                Run(8);
                Assert.True(guest.FramesProcessed >= 6, $"The guest had {guest.FramesProcessed} pictures.");
                // With pictures under way.
                camera.Shoot();
                group.Update(0.1);
                group.Remove(guest);
            }

            Assert.True(stays.FramesProcessed >= served + 6, $"The other one had {stays.FramesProcessed - served} pictures meanwhile.");
            device.CollectGarbage();
            if (i == 0)
                (objects, native) = (device.Objects.Alive, Tensor.LiveBytes);
            Assert.Equal((objects, native), (device.Objects.Alive, Tensor.LiveBytes));
        }

        Assert.Equal([stays], group.Networks);
        Assert.Contains("not in the group", Assert.Throws<ArgumentException>(() => group.Remove(new CameraNetwork(graph, Options(shared)))).Message, StringComparison.Ordinal);

        void Run(int turns)
        {
            for (int i = 0; i < turns; i++)
            {
                camera.Shoot();
                group.Update(0.1);
                device.Finish();
            }
        }
    });

    [Fact]
    public void Without_a_device_they_run_on_the_CPU()
    {
        using var graph = Mean(8);
        using var camera = new ScriptedSource();
        using var group = new CameraGroup(device: null);
        var network = new CameraNetwork(graph, new() { Preprocessing = Input, Source = camera });
        group.Add(network);
        camera.Shoot();
        while (network.FramesProcessed == 0)
            group.Update(0.1);
        Assert.StartsWith("cpu", network.Choice, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_share_no_rate_and_no_number_of_pictures_is_refused()
    {
        using var graph = Mean(8);
        using var group = new CameraGroup(device: null);
        using var network = new CameraNetwork(graph, new() { Preprocessing = Input });
        Assert.Throws<ArgumentOutOfRangeException>(() => group.PicturesPerTurn = 0);
        foreach (double share in (double[])[0, -1, double.NaN, double.PositiveInfinity])
            Assert.Throws<ArgumentOutOfRangeException>(() => group.Add(network, share));
        foreach (double rate in (double[])[0, -1, double.NaN])
            Assert.Throws<ArgumentOutOfRangeException>(() => group.Add(network, mostPerSecond: rate));
        Assert.Empty(group.Networks);
    }

    private void AssertServed(long[] expected, int picturesPerTurn, double[]? shares = null, double?[]? mostPerSecond = null) => gl.Run(device =>
    {
        using var graph = Mean(8);
        using ScriptedSource quick = new(), slow = new();
        using SharedSource quickShared = new(quick), slowShared = new(slow);
        using var group = new CameraGroup(device) { PicturesPerTurn = picturesPerTurn };
        SharedSource[] sources = [quickShared, quickShared, slowShared];
        for (int i = 0; i < sources.Length; i++)
            group.Add(new CameraNetwork(graph, Options(sources[i])), shares?[i] ?? 1, mostPerSecond?[i]);
        int[] waited = new int[sources.Length], longest = new int[sources.Length];
        for (int turn = 0; turn < Turns; turn++)
        {
            quick.Shoot();
            if (turn % 3 == 0)
                slow.Shoot();
            long[] before = Served();
            group.Update(1 / 30.0);
            device.Finish();
            long[] after = Served();
            for (int i = 0; i < waited.Length; i++)
                longest[i] = Math.Max(longest[i], waited[i] = after[i] > before[i] ? 0 : waited[i] + 1);
        }

        Assert.All(Served().Zip(expected), pair => Assert.InRange(pair.First, pair.Second - 3, pair.Second + 1));
        // Nobody waits longer than its part of the turns makes it.
        Assert.All(longest.Zip(expected), pair => Assert.InRange(pair.First, 0, (2 * Turns / (int)pair.Second) + 1));

        long[] Served() => [.. group.Networks.Select(network => network.FramesProcessed)];
    });

    private static CameraNetworkOptions Options(SharedSource source) => new() { Preprocessing = Input, Backend = "gpu", OpenSource = source.Open };

    private static Graph Mean(int side)
    {
        var builder = new GraphBuilder(seed: 3);
        return builder.Build(builder.Add(new GlobalAveragePool(), builder.Add(new Conv2d(3, 4, 3), builder.Input("x", new Shape(1, 3, side, side)))));
    }
}
