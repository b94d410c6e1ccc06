using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Softmax cross-entropy from logits, forward and backward. Forward, an item is a batch item, whose loss goes to scratch; then they are
/// summed in order, so that the sum does not depend on the number of threads. Where a plan asks for them, the probabilities p are saved,
/// and backward is <c>dx[n,k] = dy/W · (p[n,k] · Σ over j of c[n,j] − c[n,k])</c> with the shares <c>c[n,k] = w[k]·((1 − ε)·t[n,k] + ε/K)</c>.
/// </summary>
internal static unsafe class SoftmaxCrossEntropyKernel
{
    private const int NoLabel = -1;

    /// <summary>Exponentials that are kept for the probabilities; those of more classes are computed again.</summary>
    private const int MostKept = 1024;

    public static CpuDispatch Plan(SoftmaxCrossEntropy loss, LayerCall call)
    {
        var x = call.Input.Shape;
        var constants = Constants.Of(loss, x, call.Outputs.Length > 1);
        int[] weights = Weights(loss, x[1]);
        return CpuDispatch.CreateWithTable(&Rows, constants, weights, x[0]).WithScratch(x[0]).Then(CpuDispatch.CreateWithTable(&Mean, constants, weights, 1));
    }

    public static CpuDispatch PlanGradient(SoftmaxCrossEntropy loss, LayerCall call)
    {
        var x = call.Inputs[1].Shape;
        return CpuDispatch.CreateWithTable(&Backward, Constants.Of(loss, x, isSaved: true), Weights(loss, x[1]), x[0]);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Rows(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        Span<double> powers = stackalloc double[Math.Min(c.Classes, MostKept)];
        for (int n = from; n < to; n++)
        {
            var x = new ReadOnlySpan<float>(arguments->Inputs[0] + ((long)n * c.Classes), c.Classes);
            float largest = x[0];
            foreach (float logit in x)
                largest = Math.Max(largest, logit);
            double sum = 0;
            for (int k = 0; k < x.Length; k++)
            {
                double power = Math.Exp((double)x[k] - largest);
                sum += power;
                if (k < powers.Length)
                    powers[k] = power;
            }

            var target = new Target(arguments, arguments->Inputs[1], n);
            double loss = 0, logarithm = Math.Log(sum);
            for (int k = 0; k < c.Classes && target.Counts; k++)
            {
                // What has no share is not asked, so that a logit of −∞ there costs nothing.
                double share = target.Share(k);
                if (share != 0)
                    loss += share * (logarithm - ((double)x[k] - largest));
            }

            arguments->Scratch[0][n] = target.IsPossible ? (float)loss : float.NaN;
            if (c.Saves == 0)
                continue;
            float* p = arguments->Outputs[1] + ((long)n * c.Classes);
            for (int k = 0; k < c.Classes; k++)
                p[k] = (float)((k < powers.Length ? powers[k] : Math.Exp((double)x[k] - largest)) / sum);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Mean(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        double sum = 0;
        for (int n = 0; n < c.Batch; n++)
            sum += arguments->Scratch[0][n];
        arguments->Output[0] = (float)(sum / TotalWeight(arguments, arguments->Inputs[1]));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float scale = (float)(arguments->Inputs[0][0] / TotalWeight(arguments, arguments->Inputs[2]));
        for (int n = from; n < to; n++)
        {
            var target = new Target(arguments, arguments->Inputs[2], n);
            float* p = arguments->Inputs[3] + ((long)n * c.Classes), dx = arguments->Output + ((long)n * c.Classes);
            double all = 0;
            for (int k = 0; k < c.Classes; k++)
                all += target.Share(k);
            for (int k = 0; k < c.Classes; k++)
                dx[k] = target.Counts ? scale * (((float)all * p[k]) - (float)target.Share(k)) : 0;
        }
    }

    private static double TotalWeight(CpuArguments* arguments, float* targets)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        if (c.IsSoft != 0)
            return c.Batch;
        double total = 0;
        for (int n = 0; n < c.Batch; n++)
        {
            var target = new Target(arguments, targets, n);
            total += target.Counts ? target.Weight : 0;
        }

        return total;
    }

    /// <summary>A weight for each class, as bits.</summary>
    private static int[] Weights(SoftmaxCrossEntropy loss, int classes) =>
        [.. Enumerable.Range(0, classes).Select(k => BitConverter.SingleToInt32Bits(loss.ClassWeights.Count > 0 ? loss.ClassWeights[k] : 1))];

    /// <summary>What one batch item should be. A target that is no label, as only a graph that nobody verified has it, makes the loss NaN.</summary>
    private readonly ref struct Target
    {
        private readonly Constants* _constants;
        private readonly float* _weights;
        private readonly float* _probabilities;
        private readonly int _label;

        public Target(CpuArguments* arguments, float* targets, int n)
        {
            _constants = (Constants*)arguments->Constants;
            _weights = (float*)CpuDispatch.Table<Constants>(arguments);
            _probabilities = targets + ((long)n * _constants->Classes);
            (_label, Counts, IsPossible) = (NoLabel, true, true);
            if (_constants->IsSoft != 0)
                return;
            float label = targets[n];
            Counts = _constants->Ignores == 0 || label != _constants->Ignored;
            IsPossible = !Counts || (label >= 0 && label < _constants->Classes);
            _label = Counts && IsPossible ? (int)label : NoLabel;
        }

        /// <summary>Whether the item has a loss and a gradient at all.</summary>
        public bool Counts { get; }

        public bool IsPossible { get; }

        /// <summary>That of the label.</summary>
        public double Weight => IsPossible ? _weights[_label] : double.NaN;

        public double Share(int k)
        {
            double target = _constants->IsSoft != 0 ? _probabilities[k] : k == _label ? 1 : 0;
            return _weights[k] * (((1 - (double)_constants->Smoothing) * target) + ((double)_constants->Smoothing / _constants->Classes));
        }
    }

    private readonly record struct Constants(int Batch, int Classes, int Saves, int IsSoft, int Ignores, int Ignored, float Smoothing)
    {
        public static Constants Of(SoftmaxCrossEntropy loss, Shape x, bool isSaved) => new(
            x[0], x[1], isSaved ? 1 : 0, loss.TakesProbabilities ? 1 : 0, loss.IgnoredLabel != null ? 1 : 0, loss.IgnoredLabel ?? 0, loss.LabelSmoothing);
    }
}
