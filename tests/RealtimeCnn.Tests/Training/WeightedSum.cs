using RealtimeCnn.Cpu;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Training;

/// <summary>
/// <c>loss = Σ target[i]·x[i]</c>: its gradient is the target, so that tests choose the gradient that a layer gets. It stands in no
/// table and brings its kernels along.
/// </summary>
internal sealed unsafe record WeightedSum : Loss, ICustomLayer
{
    public IReadOnlyList<CustomKernel> Kernels { get; } =
    [
        new(CpuKernel.For<WeightedSum>((_, call) => CpuDispatch.Create(&Forward, call.Input.Shape.Count, 1), LayoutRules.Plain)),
        new(CpuKernel.Backward<WeightedSum>(
            _ => [GradientTarget.Input(0)], (_, call) => CpuDispatch.Create(&Backward, call.Output.Shape.Count, 1), ForwardValues.Inputs, LayoutRules.Plain)),
    ];

    public override Shape TargetShape(Shape prediction) => prediction;

    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        double sum = 0;
        for (int i = 0; i < *(int*)arguments->Constants; i++)
            sum += (double)arguments->Inputs[0][i] * arguments->Inputs[1][i];
        arguments->Output[0] = (float)sum;
    }

    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        for (int i = 0; i < *(int*)arguments->Constants; i++)
            arguments->Output[i] = arguments->Inputs[0][0] * arguments->Inputs[2][i];
    }
}
