using RealtimeCnn.Heads;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.App;

/// <summary>The network that looks at what an app's first one finds, if there is one.</summary>
/// <param name="Regions">The network and how it is used; null for none.</param>
/// <param name="Labels">What its regions are called; null for nothing.</param>
/// <param name="Model">The file it came from, which is this one's to dispose; null where the network is the caller's.</param>
internal sealed record SecondNetwork(CameraRegions? Regions, IReadOnlyList<string>? Labels, OnnxModel? Model) : IDisposable
{
    /// <summary>Opens what the options name.</summary>
    /// <exception cref="OnnxException">The file is no model, cannot be run, or says nothing that a second network could be; the message says why.</exception>
    /// <exception cref="ArgumentException">There are two.</exception>
    public static SecondNetwork Open(CameraAppOptions options)
    {
        if (options is { RegionModel: not null, RegionNetwork: not null })
            throw new ArgumentException($"{nameof(CameraAppOptions.RegionModel)} is a file and {nameof(CameraAppOptions.RegionNetwork)} a network of yours; give one of the two.", nameof(options));
        if (options.RegionModel is not { } file)
            return new SecondNetwork(options.RegionNetwork, options.RegionLabels ?? options.Labels, null);
        var model = ShippedModels.Load(file, new OnnxLoadOptions { TakesPictures = true });
        try
        {
            var card = ModelCard.Of(model);
            AppLog.Head(options.Logger, card.Said);
            if (card.Head is not (LandmarkHead or ClassificationHead))
                throw new OnnxException($"'{file}' cannot look at what another network finds: that takes landmarks or a classifier. {card.Said}");
            var regions = new CameraRegions(model.Graph) { Preprocessing = card.Preprocessing, Head = card.Head, Options = options.Regions };
            return new SecondNetwork(regions, options.RegionLabels ?? (card.Head is ClassificationHead ? card.Labels : options.Labels), model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model?.Dispose();
}
