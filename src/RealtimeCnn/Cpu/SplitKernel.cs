using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>A strided copy for each part; backwards, the parts are joined again.</summary>
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

    public static CpuDispatch PlanGradient(Split layer, LayerCall call) => ConcatKernel.Plan(new Concat(layer.Axis), call);
}
