using System.Numerics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Live;
using RealtimeCnn.Regions;
using RealtimeCnn.Tests.Live;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>A second network looks where the first one found something, follows it, and lets the first one sleep; wherever either of them runs.</summary>
[Collection(GlTests.Name)]
public class LiveRegionTests(GlFixture gl)
{
    private static readonly (Vector2 Middle, float Angle)[] Path = [.. Enumerable.Range(0, 30).Select(i => (new Vector2(60 + (3 * i), 70 + (12 * MathF.Sin(i * 0.3f))), i * 0.15f))];

    private static readonly string[] AllBackends = ["cpu", "cpu on the device", "gpu", "parts"];

    public static TheoryData<string> Backends => [.. AllBackends];

    /// <summary>The thing goes through half of the picture and turns by 250 degrees; pixels of the landmarks are those of the crop, turned back.</summary>
    [Theory]
    [MemberData(nameof(Backends))]
    public void Landmarks_follow_a_thing_that_moves_and_turns_while_the_detector_sleeps(string backend) => With(backend, (pipeline, finder, pointer) =>
    {
        pipeline.Use(finder, DotScene.Finding(pointer));
        for (int i = 0; i < Path.Length; i++)
        {
            var result = Ask(pipeline, i, Path[i]);
            var region = Assert.Single(Regions(result));
            Assert.Equal((1, i == 0, 1L), (region.Id, result.DetectorRan, pipeline.DetectorRuns));
            VerifyDots(Path[i], result.Regions.LandmarksOf(0), 0.2f);
            Assert.Equal((i, TimeSpan.FromSeconds(i / 30.0), TimeSpan.FromSeconds(i / 30.0)), (result.Sequence, result.Timestamp, region.Age), (a, b) => a.Item1 == b.Item1 && (a.Item3 - b.Item3).Duration() < TimeSpan.FromMilliseconds(1));
            Assert.InRange(Vector2.Distance(Path[i].Middle, region.Region.Centre), 0, 0.2f);
            Assert.Equal(0, MathF.IEEERemainder(Path[i].Angle - region.Region.Angle, 2 * MathF.PI), 0.03f);
            Assert.Equal(96, region.Region.Width, 1.5f);
            // What was looked at is where the thing was in the picture before; what the detector found is its box.
            if (i > 0)
                Assert.InRange(Vector2.Distance(Path[i - 1].Middle, region.Seen.Centre), 0, 0.2f);
            Assert.Equal(i == 0 ? 1 : 0, result.Detections.Count);
        }
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_thing_that_is_gone_wakes_the_detector_and_so_does_room_for_more(string backend) => With(backend, (pipeline, finder, pointer) =>
    {
        pipeline.Use(finder, DotScene.Finding(pointer, DotScene.Regions with { MaximumRegions = 2, LookEvery = TimeSpan.FromSeconds(0.2) }));
        var here = (new Vector2(50, 50), 0.5f);
        var there = (new Vector2(140, 90), 2f);
        List<(int Found, bool Ran)> seen = [];
        for (int i = 0; i < 24; i++)
        {
            var result = i switch { < 8 => Ask(pipeline, i, here), < 12 => Ask(pipeline, i), < 16 => Ask(pipeline, i, there), _ => Ask(pipeline, i, here, there) };
            seen.Add((result.Regions.Count, result.DetectorRan));
            // The first one has its number back: it was lost for less than ten pictures.
            Assert.Equal(i switch { < 8 => [1], < 12 => [], < 18 => [2], _ => [1L, 2L] }, Regions(result).Select(region => region.Id));
        }

        // One of two is followed: each 0.2 s the detector looks for another. In the eighth picture it is gone, and from then on looked for.
        Assert.Equal([(1, true), (1, false), (1, false), (1, false), (1, false), (1, false), (1, true), (1, false)], seen[..8]);
        Assert.Equal([(0, false), (0, true), (0, true), (0, true)], seen[8..12]);
        Assert.Equal([(1, true), (1, false), (1, false), (1, false)], seen[12..16]);
        // The second is found with the next look; then both are followed, and nobody looks.
        Assert.Equal([(1, false), (1, false), (2, true), (2, false), (2, false), (2, false), (2, false), (2, false)], seen[16..]);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void Two_things_keep_their_numbers(string backend) => With(backend, (pipeline, finder, pointer) =>
    {
        pipeline.Use(finder, DotScene.Finding(pointer, DotScene.Regions with { MaximumRegions = 2 }));
        for (int i = 0; i < 20; i++)
        {
            (Vector2, float)[] things = [(new Vector2(45 + i, 40), 0.1f * i), (new Vector2(150 - i, 100), -0.2f * i)];
            var result = Ask(pipeline, i, things);
            Assert.Equal(1, pipeline.DetectorRuns);
            Assert.Equal([1L, 2L], Regions(result).Select(region => region.Id));
            int first = Vector2.Distance(result.Regions[0].Region.Centre, things[0].Item1) < 20 ? 0 : 1;
            VerifyDots(things[first], result.Regions.LandmarksOf(0), 0.2f);
            VerifyDots(things[1 - first], result.Regions.LandmarksOf(1), 0.2f);
        }
    });

    [Fact]
    public void Every_backend_says_the_same()
    {
        var all = AllBackends.ToDictionary(backend => backend, backend =>
        {
            var points = new List<Vector3>();
            With(backend, (pipeline, finder, pointer) =>
            {
                pipeline.Use(finder, DotScene.Finding(pointer, DotScene.Regions with { Tracking = new() { ConfirmAfter = 1 } }));
                for (int i = 0; i < Path.Length; i++)
                    points.AddRange(Ask(pipeline, i, Path[i]).Regions.LandmarksOf(0));
            });
            return points;
        });
        Assert.All(all.Values, points => Assert.All(points.Zip(all["cpu"]), pair => Assert.InRange(Vector3.Distance(pair.First, pair.Second), 0, 0.01f)));
        // Smoothed, they lag; at 4 pixels a picture, of a thing of 96, by less than two pictures.
        Assert.All(Path.Skip(5).Zip(Pairs(all["cpu"]).Skip(5)), pair => VerifyDots(pair.First, pair.Second, 7.5f));

        static IEnumerable<Vector3[]> Pairs(List<Vector3> points) => points.Chunk(2);
    }

    /// <summary>Answers of a broken network: no numbers, infinite ones, and ones that are nowhere.</summary>
    [Theory]
    [InlineData("cpu", 0, 0, 0)]
    [InlineData("gpu", 0, 0, 0)]
    [InlineData("cpu", 1, float.PositiveInfinity, 0)]
    [InlineData("gpu", 1, float.PositiveInfinity, 0)]
    [InlineData("cpu", 1, 20, float.NegativeInfinity)]
    [InlineData("gpu", 1, 20, 1e30f)]
    [InlineData("cpu", 1, float.NaN, 0)]
    [InlineData("gpu", 1, float.NaN, 0)]
    [InlineData("cpu", 1, 20, 1e6f)]
    public void What_is_no_answer_is_no_region(string backend, float least, float bias, float shift)
    {
        // 0 / 0, where nothing of the second colour is in sight.
        using var broken = DotScene.Pointer(least, bias, shift);
        With(backend, broken, (pipeline, finder, pointer) =>
        {
            pipeline.Use(finder, DotScene.Finding(pointer));
            for (int i = 0; i < 5; i++)
            {
                var result = Ask(pipeline, i, least == 0 ? (new Vector2(300, 50), 0) : Path[0]);
                Assert.Equal((0, i + 1L), (result.Regions.Count, pipeline.DetectorRuns));
            }
        });
    }

    [Fact]
    public void A_picture_that_is_computed_again_says_the_same_and_costs_nothing() => With("cpu", (pipeline, finder, pointer) =>
    {
        pipeline.Use(finder, DotScene.Finding(pointer));
        var before = Assert.Single(Regions(Ask(pipeline, 3, Path[0])));
        for (int i = 0; i < 3; i++)
        {
            Assert.True(pipeline.TryRepeat());
            pipeline.Finish();
            Assert.True(pipeline.TryTake(out var result));
            Assert.Equal(before, Assert.Single(Regions(result)));
            Assert.Equal(1, pipeline.DetectorRuns);
        }
    });

    [Fact]
    public async Task Results_on_another_thread_have_their_regions()
    {
        using Graph finding = DotScene.Finder(), pointing = DotScene.Pointer();
        using CpuNetwork finder = new(finding), pointer = new(pointing);
        using var pipeline = new CpuPipeline();
        pipeline.Use(finder, DotScene.Finding(pointer));
        await using var results = pipeline.Results().GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        Ask(pipeline, 0, Path[0]);
        Assert.True(await first);
        Assert.True(results.Current.DetectorRan);
        VerifyDots(Path[0], results.Current.Regions.LandmarksOf(0), 0.2f);
    }

    [Fact]
    public void What_does_not_go_together_is_refused_with_what_to_do() => With("cpu", (pipeline, finder, pointer) =>
    {
        var good = DotScene.Finding(pointer);
        Refused("LiveOptions.Head", good with { Head = null });
        Refused("not both", good with { Drawn = ["heat"] });
        Refused("not both", good with { KeepsOutputs = true });
        Refused("'landmarks' reads 3 points of 2 numbers", good with { Regions = good.Regions! with { Head = new LandmarkHead { Points = 3 } } });
        Refused("the head of this one is 'picture'", good with { Regions = good.Regions! with { Head = new PictureHead() } });
        Refused("names point 7; there are 2", good with { Regions = DotScene.Second(pointer, DotScene.Regions with { Followed = new() { From = [0], To = [7] } }) });
        Refused("RegionOptions.Detected: the rule names point 0; there are 0", good with { Regions = DotScene.Second(pointer, DotScene.Regions with { Detected = RegionRule.Face }) });
        Refused("MaximumRegions is from 1 to 64", good with { Regions = DotScene.Second(pointer, DotScene.Regions with { MaximumRegions = 0 }) });
        Refused("Alike is above 0", good with { Regions = DotScene.Second(pointer, DotScene.Regions with { Alike = 0 }) });
        pipeline.Use(finder, good with { Regions = null });
        Assert.Contains("LiveOptions.Regions", Assert.Throws<InvalidOperationException>(() => Ask(pipeline, 0).Regions).Message, StringComparison.Ordinal);
        Assert.Equal(0, pipeline.DetectorRuns);

        void Refused(string said, LiveOptions options)
        {
            Assert.Contains(said, Assert.ThrowsAny<ArgumentException>(() => pipeline.Use(finder, options)).Message, StringComparison.Ordinal);
            Assert.Contains(said, Assert.ThrowsAny<ArgumentException>(() => options.Verify(finder.Source)).Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void Both_networks_are_made_ready_together_and_free_what_they_took() => gl.Run(device =>
    {
        using Graph finding = DotScene.Finder(), pointing = DotScene.Pointer();
        using GpuNetwork finder = new(device, finding), pointer = new(device, pointing);
        using (var first = new GpuPipeline(device))
        {
            first.Use(finder, DotScene.Finding(pointer));
            Ask(first, 0, Path[0]);
        }

        int before = device.Objects.Alive;
        using (var second = new GpuPipeline(device))
        {
            using var build = second.Prepare(finder, DotScene.Finding(pointer));
            double progress = 0;
            while (!build.Advance(TimeSpan.Zero))
            {
                Assert.InRange(build.Progress, progress, 1);
                progress = build.Progress;
            }

            var counts = device.ProgramCounts;
            second.Use(finder, DotScene.Finding(pointer));
            Ask(second, 0, Path[0]);
            Assert.Equal(counts, device.ProgramCounts);
        }

        device.CollectGarbage();
        Assert.Equal(before, device.Objects.Alive);
    });

    /// <summary>A loop must not wait for a compiler in the moment in which a hand comes into the picture.</summary>
    [Theory]
    [InlineData("gpu")]
    [InlineData("parts")]
    public void Nothing_is_compiled_for_the_first_thing_that_is_found(string backend) => gl.RunFresh(new(), device =>
    {
        using Graph finding = DotScene.Finder(), pointing = DotScene.Pointer();
        using INetwork finder = new GpuNetwork(device, finding), pointer = backend == "gpu" ? new GpuNetwork(device, pointing) : new MixedNetwork(device, pointing);
        using var pipeline = new GpuPipeline(device);
        pipeline.Use(finder, DotScene.Finding(pointer));
        Assert.Equal(0, Ask(pipeline, 0).Regions.Count);
        var counts = device.ProgramCounts;
        Assert.Equal(1, Ask(pipeline, 1, Path[0]).Regions.Count);
        Assert.Equal(counts, device.ProgramCounts);
    });

    /// <summary>Every step in a frame of its own, of both networks.</summary>
    [Fact]
    public void Networks_in_slices_say_the_same_later() => With("gpu", (pipeline, finder, pointer) =>
    {
        pipeline.Use(finder, DotScene.Finding(pointer, DotScene.Regions with { MaximumRegions = 2 }) with { BudgetMs = 1e-6 });
        (Vector2, float)[] things = [(new Vector2(45, 40), 0.1f), (new Vector2(150, 100), -0.2f)];
        using var pool = new FramePool(1);
        for (int i = 0; i < 3; i++)
        {
            using var frame = DotScene.Frame(pool, DotScene.Draw(things), i);
            Assert.True(pipeline.TrySubmit(frame));
            LiveResult? result;
            int frames = 0;
            for (; !pipeline.TryTake(out result); frames++)
                pipeline.BeginFrame();
            Assert.True(result.Frames >= 4 && frames >= 4, $"{result.Frames} frames");
            Assert.Equal((2, 1L), (result.Regions.Count, pipeline.DetectorRuns));
            pipeline.BeginFrame();
        }

        // And who waits for all of it gets it without frames.
        Assert.Equal(2, Ask(pipeline, 3, things).Regions.Count);
    });

    [Fact]
    public void Another_detector_takes_over_and_regions_go_on() => gl.Run(device =>
    {
        using Graph finding = DotScene.Finder(), other = DotScene.Finder(), pointing = DotScene.Pointer();
        using var network = new CameraNetwork(finding, new() { Preprocessing = DotScene.Whole, Head = DotScene.Detector, Backend = "gpu", Regions = new CameraRegions(pointing) { Preprocessing = DotScene.Part, Head = DotScene.Landmarks, Options = DotScene.Regions } });
        network.Initialize(device);
        network.Swap(other, null, TimeSpan.Zero);
        using var pool = new FramePool(400);
        int after = 0;
        for (int i = 0; i < 400 && after < 3; i++)
        {
            network.Submit(DotScene.Frame(pool, DotScene.Draw(Path[0]), i));
            network.Update(1 / 60.0);
            LiveResult? result;
            while (!network.TryGetLatest(out result) && network.SwapProgress == null)
                network.Update(0);
            if (result == null)
                continue;
            VerifyDots(Path[0], result.Regions.LandmarksOf(0), 0.2f);
            after += result.Network.Source == other ? 1 : 0;
        }

        Assert.Equal((3, 1L), (after, network.DetectorRuns));
        Assert.Throws<ArgumentException>(() => network.Swap(pointing, DotScene.Part, TimeSpan.Zero));
    });

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void A_steady_loop_allocates_nothing_and_never_waits_for_the_GPU(string backend)
    {
        using Graph finding = DotScene.Finder(), pointing = DotScene.Pointer();
        using var pool = new FramePool(300);
        byte[][] pictures = [.. Path.Select(thing => DotScene.Draw(thing))];
        gl.Run(device =>
        {
            using var network = new CameraNetwork(finding, new() { Preprocessing = DotScene.Whole, Head = DotScene.Detector, Backend = backend, Regions = new CameraRegions(pointing) { Preprocessing = DotScene.Part, Head = DotScene.Landmarks, Options = DotScene.Regions } });
            network.Initialize(device);
            // There and back, so that it is never too far.
            var frames = new Queue<Frame>(Enumerable.Range(0, 300).Select(i => DotScene.Frame(pool, pictures[(i / 30 % 2) == 0 ? i % 30 : 29 - (i % 30)], i)));
            Loop(network, frames, 200);
            long blocking = device.BlockingCalls, managed = GC.GetAllocatedBytesForCurrentThread(), runs = network.DetectorRuns;
            int found = Loop(network, frames, 100);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - managed);
            Assert.Equal(blocking, device.BlockingCalls);
            Assert.Equal((100, 1, 1), (found, runs, network.DetectorRuns));
        });

        static int Loop(CameraNetwork network, Queue<Frame> frames, int turns)
        {
            int found = 0;
            for (int i = 0; i < turns; i++)
            {
                network.Submit(frames.Dequeue());
                network.Update(1 / 60.0);
                LiveResult? result;
                while (!network.TryGetLatest(out result))
                    Thread.Yield();
                found += result.Regions.Count;
            }

            return found;
        }
    }

    private static void VerifyDots((Vector2 Middle, float Angle) thing, ReadOnlySpan<Vector3> points, float tolerance)
    {
        var (red, green) = DotScene.Dots(thing.Middle, thing.Angle);
        Assert.InRange(Vector2.Distance(red, new Vector2(points[0].X, points[0].Y)), 0, tolerance);
        Assert.InRange(Vector2.Distance(green, new Vector2(points[1].X, points[1].Y)), 0, tolerance);
    }

    private static FollowedRegion[] Regions(LiveResult result) => [.. Enumerable.Range(0, result.Regions.Count).Select(i => result.Regions[i])];

    private static LiveResult Ask(LivePipeline pipeline, int number, params ReadOnlySpan<(Vector2 Middle, float Angle)> things)
    {
        using var pool = new FramePool(1);
        using var frame = DotScene.Frame(pool, DotScene.Draw(things), number);
        Assert.True(pipeline.TrySubmit(frame));
        pipeline.Finish();
        Assert.True(pipeline.TryTake(out var result));
        Assert.True(pipeline.IsIdle);
        return result;
    }

    private void With(string backend, Action<LivePipeline, INetwork, INetwork> use)
    {
        using var pointing = DotScene.Pointer();
        With(backend, pointing, use);
    }

    private void With(string backend, Graph pointing, Action<LivePipeline, INetwork, INetwork> use)
    {
        using var finding = DotScene.Finder();
        if (backend == "cpu")
        {
            using CpuNetwork finder = new(finding), pointer = new(pointing);
            using var pipeline = new CpuPipeline();
            use(pipeline, finder, pointer);
            return;
        }

        gl.Run(device =>
        {
            using INetwork finder = Make(finding), pointer = Make(pointing);
            using var pipeline = new GpuPipeline(device);
            use(pipeline, finder, pointer);

            INetwork Make(Graph graph) => backend switch { "gpu" => new GpuNetwork(device, graph), "parts" => new MixedNetwork(device, graph), _ => new CpuNetwork(graph) };
        });
    }
}
