using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>A strided copy for each part; backwards, the parts are joined again. What joins them is split backwards.</summary>
internal static class SplitKernel
{
    public static CpuDispatch Plan(Split layer, LayerCall call)
    {
        CpuDispatch? work = null;
        for (int part = call.Outputs.Length - 1; part >= 0; part--)
        {
            var output = call.Outputs[part];
            var copy = StridedCopyKernel.Plan(layer.View(part, call.Input.Shape, output.Shape), call with { Outputs = [output] }).To(part);
            work = work == null ? copy : copy.Then(work);
        }

        return work!;
    }

    public static CpuDispatch PlanConcatGradient(Concat layer, LayerCall call) =>
        Plan(new Split(layer.Axis, call.Outputs.Map(part => part.Shape[AxisIndex.Resolve(layer.Axis, part.Shape.Rank)])), call);

    public static CpuDispatch PlanGradient(Split layer, LayerCall call) => ConcatKernel.Plan(new Concat(layer.Axis), call);
}
