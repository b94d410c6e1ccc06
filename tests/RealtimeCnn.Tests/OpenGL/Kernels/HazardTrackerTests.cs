using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

public class HazardTrackerTests
{
    private static readonly TensorInfo Info = new(new Shape(64), Layout.Plain);

    [Fact]
    public void Reading_what_was_just_written_needs_a_barrier() => Assert.Equal([false, true], Track((0, 64), (64, 128)));

    [Fact]
    public void Independent_dispatches_need_none() => Assert.Equal([false, false], Track((0, 64), (0, 128)));

    [Fact]
    public void Overwriting_what_is_being_read_needs_a_barrier() => Assert.Equal([false, true], Track((0, 64), (128, 0)));

    [Fact]
    public void Overwriting_what_was_written_needs_a_barrier() => Assert.Equal([false, true], Track((0, 64), (128, 64)));

    [Fact]
    public void A_barrier_covers_everything_before_it() => Assert.Equal([false, false, true, false], Track((0, 64), (0, 128), (64, 192), (128, 256)));

    [Fact]
    public void What_a_dispatch_writes_too_is_waited_for()
    {
        PlanValue[] values = [.. Enumerable.Range(0, 5).Select(i => new PlanValue(Info) { ByteOffset = 256 * i })];
        var builder = new GraphBuilder();
        var node = builder.Add(new TopK(64), [builder.Input("x", Info.Shape)]);
        var call = new LayerCall([node], [Info], [Info, Info]);
        var kernel = GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, GlLimits.Guaranteed)).Choose(call);
        var step = new PlanStep(call, kernel, [values[0]], [values[1], values[2]], kernel.Plan(call));
        var dispatch = Assert.Single(((GpuWork)step.Work).Dispatches);
        var reader = step with { Inputs = [values[2]], Outputs = [values[3], values[4]] };
        var tracker = new HazardTracker();
        Assert.Equal([false, true], new[] { step, reader }.Select(one => tracker.NeedsBarrier(one, dispatch)));
    }

    /// <summary>A concatenation has a dispatch for each input; what it reads may be new, and what was there before may be read still.</summary>
    [Fact]
    public void Dispatches_that_write_apart_wait_for_none_of_their_step_but_for_all_others()
    {
        PlanValue first = new(Info) { ByteOffset = 0 }, second = new(Info) { ByteOffset = 256 }, whole = new(new TensorInfo(new Shape(128), Layout.Plain)) { ByteOffset = 512 };
        var builder = new GraphBuilder();
        var node = builder.Add(new Concat(0), [builder.Input("a", Info.Shape), builder.Input("b", Info.Shape)]);
        var call = new LayerCall(node, [Info, Info], whole.Info);
        var kernel = GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, GlLimits.Guaranteed)).Choose(call);
        var step = new PlanStep(call, kernel, [first, second], [whole], kernel.Plan(call));
        var dispatches = ((GpuWork)step.Work).Dispatches;
        Assert.Equal(2, dispatches.Length);

        var tracker = new HazardTracker();
        Assert.Equal([false, false], dispatches.Select(dispatch => tracker.NeedsBarrier(step, dispatch)));
        // Another step overwrites what this one has written.
        var next = step with { Work = kernel.Plan(call) };
        Assert.Equal([true, false], dispatches.Select(dispatch => tracker.NeedsBarrier(next, dispatch)));
        var reader = new PlanStep(call, kernel, [whole, second], [first], kernel.Plan(call));
        Assert.True(tracker.NeedsBarrier(reader, dispatches[0]));
    }

    /// <summary>Whether each dispatch of (read offset, written offset) needs a barrier.</summary>
    private static bool[] Track(params (long Read, long Write)[] dispatches)
    {
        var tracker = new HazardTracker();
        var builder = new GraphBuilder();
        var node = builder.Add(new Relu(), builder.Input("x", Info.Shape));
        return [.. dispatches.Select(offsets =>
        {
            PlanValue input = new(Info) { ByteOffset = (offsets.Read) * sizeof(float) }, output = new(Info) { ByteOffset = (offsets.Write) * sizeof(float) };
            var call = new LayerCall(node, [Info], Info);
            var kernel = GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, GlLimits.Guaranteed)).Choose(call);
            var step = new PlanStep(call, kernel, [input], [output], kernel.Plan(call));
            return tracker.NeedsBarrier(step, ((GpuWork)step.Work).Dispatches[0]);
        })];
    }
}
