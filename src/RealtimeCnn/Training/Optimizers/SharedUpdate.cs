using RealtimeCnn.Cpu;

namespace RealtimeCnn.Training.Optimizers;

/// <summary>
/// The update of a network's parameters on its threads: an item is a run of elements of one of them, and what becomes of an element
/// depends on that element alone, so that results do not depend on threads. The first runs of all parameters come before the last ones
/// of any, as <see cref="CpuPacker"/> reads them.
/// </summary>
internal sealed class SharedUpdate
{
    /// <summary>Most elements of an item: some microseconds, in whole vectors.</summary>
    private const int ElementsOfItem = 4096;

    /// <summary>What an element costs in nanoseconds, roughly, where it comes from another processor, and what each number remembered of it adds.</summary>
    private const double NanosecondsOfElement = 0.7;

    private readonly TrainedParameter[] _parameters;
    private readonly (float WeightDecay, float RateFactor)[] _groups;
    private readonly float[][] _first, _second;
    private readonly (int Parameter, int Start)[] _items;
    private readonly SharedWork _work;
    private UpdateRule? _rule;
    private UpdateStep _step;

    /// <param name="parameters">Parameters of one network.</param>
    /// <param name="groups">The decay of each, and a factor on its rate.</param>
    /// <param name="first">What is remembered of each; empty for nothing.</param>
    /// <param name="second"><inheritdoc cref="SharedUpdate" path="/param[@name='first']"/></param>
    public SharedUpdate(TrainedParameter[] parameters, (float WeightDecay, float RateFactor)[] groups, float[][] first, float[][] second)
    {
        (_parameters, _groups, _first, _second) = (parameters, groups, first, second);
        _items = [.. Enumerable.Range(0, parameters.Length).SelectMany(ItemsOf).OrderBy(item => (item.Start + (ElementsOfItem / 2.0)) / parameters[item.Parameter].Parameter.Shape.Count)];
        double numbers = parameters.Select((trained, p) => (double)trained.Parameter.Shape.Count + first[p].Length + second[p].Length).Sum();
        _work = new SharedWork(parameters[0].Network.Pool, _items.Length, numbers * NanosecondsOfElement, Update);
    }

    /// <summary>Changes all of them.</summary>
    /// <param name="rule">How.</param>
    /// <param name="step">The numbers of this step, without what a parameter's group says.</param>
    public void Run(UpdateRule rule, UpdateStep step)
    {
        (_rule, _step) = (rule, step);
        var store = _parameters[0].Parameter.Store;
        store.EnterWrite();
        try
        {
            // What is kept in another order is brought up to date on this thread.
            foreach (var trained in _parameters)
                _ = (trained.Parameter.Tensor, trained.Gradient.Length);
            _work.Run();
        }
        finally
        {
            foreach (var trained in _parameters)
                trained.Parameter.Changed(null);
            store.ExitWrite();
        }
    }

    private IEnumerable<(int Parameter, int Start)> ItemsOf(int parameter)
    {
        for (int start = 0; start < _parameters[parameter].Parameter.Shape.Count; start += ElementsOfItem)
            yield return (parameter, start);
    }

    private void Update(int from, int to)
    {
        foreach (var (p, start) in _items.AsSpan(from..to))
        {
            var values = _parameters[p].Parameter.Tensor.Span;
            int end = Math.Min(start + ElementsOfItem, values.Length);
            var (decay, factor) = _groups[p];
            _rule!.Update(_step with { Rate = _step.Rate * factor, WeightDecay = decay }, values[start..end], _parameters[p].Gradient[start..end], Part(_first[p]), Part(_second[p]));

            Span<float> Part(float[] remembered) => remembered.Length == 0 ? [] : remembered.AsSpan(start..end);
        }
    }
}
