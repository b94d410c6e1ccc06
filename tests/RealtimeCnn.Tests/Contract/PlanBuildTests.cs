using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Contract;

/// <summary>Plans that are built in slices: no slice is longer than its budget and one unit, what is half-made can be thrown away, and the network runs meanwhile.</summary>
[Collection(GlTests.Name)]
public sealed class PlanBuildTests(GlFixture gl)
{
    private static readonly Shape Other = new(1, 3, 9, 14);

    public static TheoryData<string> Backends => [.. NetworkCases.Backends];

    [Fact]
    public void A_slice_does_units_until_its_budget_is_spent_and_one_at_least()
    {
        var clock = new UnitClock();
        int done = 0;
        using var build = new PlanBuild(Units(), clock);
        Assert.False(build.Advance(TimeSpan.Zero));
        Assert.Equal(1, done);
        Assert.False(build.Advance(TimeSpan.FromMilliseconds(3)));
        Assert.Equal(4, done);
        Assert.Equal(0.4, build.Progress, 1e-9);
        Assert.False(build.Advance(TimeSpan.FromMilliseconds(6)));
        Assert.Equal(10, done);
        Assert.True(build.Advance(TimeSpan.Zero));
        Assert.Equal((1, true), (build.Progress, build.IsDone));
        Assert.True(build.Advance(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => build.Advance(TimeSpan.FromMilliseconds(-1)));

        IEnumerator<double> Units()
        {
            for (int i = 1; i <= 10; i++)
            {
                done++;
                yield return i / 10.0;
            }
        }
    }

    [Fact]
    public void A_slice_ends_where_it_would_have_to_wait_and_the_whole_waits()
    {
        int polls = 0;
        using var build = new PlanBuild(Units(), new UnitClock());
        Assert.False(build.Advance(TimeSpan.FromHours(1)));
        Assert.Equal(0, polls);
        Assert.False(build.Advance(TimeSpan.FromHours(1)));
        Assert.Equal(1, polls);
        build.Finish();
        Assert.True(build.IsDone);
        Assert.Equal(5, polls);

        IEnumerator<double> Units()
        {
            yield return 0.5;
            yield return 0.5;
            while (++polls < 5)
                yield return 0.5;
        }
    }

    [Fact]
    public void What_failed_or_was_thrown_away_does_not_go_on()
    {
        using var failing = new PlanBuild(Units());
        Assert.False(failing.Advance(TimeSpan.Zero));
        Assert.Throws<InvalidDataException>(() => failing.Advance(TimeSpan.Zero));
        Assert.False(failing.IsDone);
        Assert.Throws<ObjectDisposedException>(() => failing.Advance(TimeSpan.Zero));
        Assert.Throws<ObjectDisposedException>(() => failing.Finish());

        static IEnumerator<double> Units()
        {
            yield return 0.5;
            throw new InvalidDataException();
        }
    }

    [Fact]
    public void Finishing_can_be_cancelled_and_go_on()
    {
        using var source = new CancellationTokenSource();
        using var build = new PlanBuild(Units());
        Assert.Throws<OperationCanceledException>(() => build.Finish(source.Token));
        Assert.Equal(0.3, build.Progress);
        build.Finish();
        Assert.True(build.IsDone);

        IEnumerator<double> Units()
        {
            yield return 0.1;
            source.Cancel();
            yield return 0.3;
            yield return 0.9;
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void The_network_answers_with_its_old_plans_while_a_new_one_is_built_unit_by_unit(string backend)
    {
        var clock = new UnitClock();
        Run(backend, new NetworkOptions { Clock = clock, PlansKept = 1 }, network =>
        {
            using Tensor input = Noise.Of(NetworkCases.Picture), other = Noise.Of(Other);
            var outputs = network.Run(input);
            float[] expected = outputs[0].Span.ToArray();

            using var build = network.Prepare(Other);
            int slices = 0;
            double progress = 0;
            for (bool isDone = false; !isDone; slices++)
            {
                // The clock moves by one millisecond with each unit.
                long before = clock.Readings;
                isDone = build.Advance(TimeSpan.FromMilliseconds(4));
                Assert.InRange(clock.Readings - before, 1, 5);
                Assert.InRange(build.Progress, progress, 1);
                progress = build.Progress;
                Assert.Equal(expected, outputs[0].Span.ToArray());
                Assert.Equal(expected, network.Run(input)[0].Span.ToArray());
            }

            Assert.True(slices > 3, $"The whole build took {slices} slices.");
            long built = clock.Readings;
            Assert.Equal(expected.Length / (12 * 10) * (9 * 14), network.Run(other)[0].Shape.Count);
            Assert.Equal(built, clock.Readings);
            using var again = network.Prepare(Other);
            Assert.True(again.Advance(TimeSpan.Zero));
        });
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void With_time_enough_a_build_is_one_slice(string backend) => Run(backend, null, network =>
    {
        using var build = network.Prepare();
        Assert.True(build.Advance(TimeSpan.FromHours(1)), $"It stopped at {build.Progress}.");
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_build_of_a_new_network_includes_its_passes(string backend) => Run(backend, null, network =>
    {
        using var build = network.Prepare();
        while (!build.Advance(TimeSpan.Zero))
            Assert.InRange(build.Progress, 0, 0.9999);
        using var input = Noise.Of(NetworkCases.Picture);
        Assert.Equal(4, network.Run(input).Count);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_build_can_be_thrown_away_after_any_unit_and_leaves_nothing(string backend)
    {
        using var graph = NetworkCases.Net(backend);
        using var native = new CountedMemory();
        gl.Run(device =>
        {
            using (var whole = NetworkCases.Make(backend, device, graph))
            using (var build = whole.Prepare())
                build.Finish();
            device.CollectGarbage();
            var (blocks, objects) = (native.Blocks, device.Objects.Alive);
            bool isDone = false;
            for (int units = 0; !isDone; units++)
            {
                using (var network = NetworkCases.Make(backend, device, graph, new NetworkOptions { Threads = 1 }))
                {
                    // Thrown away by its owner, or left to its network.
                    var build = network.Prepare();
                    for (int i = 0; i < units && !isDone; i++)
                        isDone = build.Advance(TimeSpan.Zero);
                    if (units % 2 == 0)
                        build.Dispose();
                }

                device.CollectGarbage();
                Assert.True(blocks == native.Blocks, $"{native.Blocks - blocks} blocks of memory are left after {units} units.");
                Assert.True(objects == device.Objects.Alive, $"{device.Objects.Alive - objects} objects are left after {units} units.");
            }
        });
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Shapes_that_do_not_fit_come_out_of_the_build_and_the_network_goes_on(string backend) => Run(backend, null, network =>
    {
        using var input = Noise.Of(NetworkCases.Picture);
        float[] expected = network.Run(input)[0].Span.ToArray();
        using var build = network.Prepare(new Shape(1, 5, 9, 9));
        Assert.Contains("Conv2d 'first'", Assert.Throws<ShapeException>(() => build.Finish()).Message, StringComparison.Ordinal);
        Assert.Equal(expected, network.Run(input)[0].Span.ToArray());
        using var left = network.Prepare(Other);
        left.Advance(TimeSpan.Zero);
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => left.Advance(TimeSpan.Zero));
    });

    private void Run(string backend, NetworkOptions? options, Action<INetwork> test)
    {
        using var graph = NetworkCases.Net(backend);
        gl.Run(device =>
        {
            using var network = NetworkCases.Make(backend, device, graph, options);
            test(network);
        });
    }

    /// <summary>A clock that is one millisecond further each time it is read, which a build does once before its units and once after each.</summary>
    private sealed class UnitClock : TimeProvider
    {
        private long _reading;

        /// <summary>Readings after units.</summary>
        public long Readings { get; private set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp()
        {
            Readings++;
            return _reading++;
        }
    }

    /// <summary>Counts the blocks of native memory that live.</summary>
    private sealed unsafe class CountedMemory : MemorySource, IDisposable
    {
        private readonly MemorySource _source = AlignedMemory.Source;
        private int _blocks;

        public CountedMemory() => AlignedMemory.Source = this;

        public int Blocks => _blocks;

        public override void* Allocate(nuint bytes)
        {
            Interlocked.Increment(ref _blocks);
            return _source.Allocate(bytes);
        }

        public override void Free(void* block)
        {
            Interlocked.Decrement(ref _blocks);
            _source.Free(block);
        }

        public void Dispose() => AlignedMemory.Source = _source;
    }
}
