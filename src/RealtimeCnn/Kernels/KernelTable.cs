using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Kernels;

/// <summary>
/// A backend's table of contents: for each layer its kernels, the best first and the plain one last. A plan takes the first that
/// fits. Immutable.
/// </summary>
internal sealed class KernelTable
{
    private readonly Dictionary<Type, Kernel[]> _byLayer = [];

    /// <summary>A table.</summary>
    /// <param name="backend">Names it in errors, such as <c>CPU</c>.</param>
    /// <param name="block">Channels in a block of the backend's blocked layout.</param>
    /// <param name="entries">Those of one layer type in order of preference; those of a derived type before those of its base.</param>
    public KernelTable(string backend, int block, IReadOnlyList<Kernel> entries) => (Backend, Block, Entries) = (backend, block, entries);

    /// <summary>The backend's name.</summary>
    public string Backend { get; }

    /// <summary>Channels in a block of the backend's blocked layout.</summary>
    public int Block { get; }

    /// <summary>All kernels.</summary>
    public IReadOnlyList<Kernel> Entries { get; }

    /// <summary>Kernels that are alone for their layers because someone forced them.</summary>
    public IReadOnlyList<Kernel> Forced { get; init; } = [];

    /// <summary>Other forms of entries, such as other tiles: none is taken by itself, and a <see cref="KernelChoice"/> may name them.</summary>
    public IReadOnlyList<Kernel> Variants { get; init; } = [];

    /// <summary>Bytes at multiples of which a part of a value has to begin, so that kernels read and write it as they do any value.</summary>
    public int PartAlignment { get; init; } = 1;

    /// <summary>Whether its kernels compute gradients.</summary>
    public bool IsBackward => Entries.Any(kernel => kernel.Gradient != null);

    /// <summary>The kernels of a layer, in order of preference.</summary>
    public IReadOnlyList<Kernel> Of(Layer layer)
    {
        if (layer is ICustomLayer custom)
            return [.. custom.Kernels.Select(kernel => kernel.Entry).Where(kernel => kernel.Backend == Backend && (kernel.Gradient != null) == IsBackward), .. Entries.Where(kernel => kernel.Layer == typeof(Layer))];
        lock (_byLayer)
        {
            var type = layer.GetType();
            if (!_byLayer.TryGetValue(type, out var kernels))
                _byLayer[type] = kernels = [.. Entries.Where(kernel => kernel.Layer.IsAssignableFrom(type))];
            return kernels;
        }
    }

    /// <summary>All kernels that compute a call, whether they pay or not: entries in order of preference, then other forms of them.</summary>
    public IReadOnlyList<Kernel> Fitting(LayerCall call) => [.. Of(call.Layer).Concat(Variants).Where(kernel => kernel.Fits(call))];

    /// <summary>Whether a kernel computes a call and pays, or is forced.</summary>
    public bool Takes(Kernel kernel, LayerCall call) => kernel.Fits(call) && (kernel.Pays == null || Forced.Contains(kernel) || kernel.Pays(call));

    /// <summary>The first kernel that computes a call and pays, or is forced; null where there is none.</summary>
    public Kernel? Find(LayerCall call)
    {
        foreach (var kernel in Of(call.Layer))
        {
            if (Takes(kernel, call))
                return kernel;
        }

        return null;
    }

    /// <summary>The first kernel that computes a call.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public Kernel Choose(LayerCall call) =>
        Find(call) ?? throw new NotSupportedException(call.Layer.GetType().Assembly == typeof(Layer).Assembly
            ? $"The {Backend} backend has no kernel for {call.Layer.GetType().Name}."
            : $"{call.Node} of assembly {CustomKernel.AssemblyOf(call.Layer)} brings no kernel of the {Backend} backend that fits its inputs ({string.Join(", ", call.Inputs.Select(input => input.Shape))}). {nameof(ICustomLayer)}.{nameof(ICustomLayer.Kernels)} is where it can.");

    /// <summary>Whether there is a kernel of this name, such as <c>ConvolutionLayer/plain</c>.</summary>
    public bool Has(string name) => Entries.Any(kernel => kernel.ToString() == name);

    /// <summary>This table with kernels that are asked after those that are there.</summary>
    public KernelTable WithFallback(Kernel kernel) => With([.. Entries, kernel], Forced);

    /// <summary>This table with each of some kernels alone for its layer.</summary>
    /// <param name="names">Layer and kernel, such as <c>ConvolutionLayer/plain</c>, as <see cref="Kernel.ToString"/> gives it.</param>
    /// <exception cref="KeyNotFoundException">There is no such kernel; the message lists those there are.</exception>
    public KernelTable Forcing(params IReadOnlyList<string> names)
    {
        IReadOnlyList<Kernel> left = Entries, all = Forced;
        foreach (string name in names)
        {
            var forced = Entries.FirstOrDefault(kernel => kernel.ToString() == name)
                ?? throw new KeyNotFoundException($"The {Backend} backend has no kernel '{name}'. It has: {string.Join(", ", Entries)}.");
            left = [.. left.Where(kernel => kernel == forced || !kernel.Layer.IsAssignableTo(forced.Layer))];
            all = [.. all, forced];
        }

        return names.Count == 0 ? this : With(left, all);
    }

    private KernelTable With(IReadOnlyList<Kernel> entries, IReadOnlyList<Kernel> forced) => new(Backend, Block, entries) { Forced = forced, Variants = forced.Count == 0 ? Variants : [], PartAlignment = PartAlignment };
}
