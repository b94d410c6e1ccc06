using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Regions;

namespace RealtimeCnn.OpenGL;

/// <summary>A second network of a <see cref="CameraNetwork"/>, which looks at regions of the picture: see <see cref="LiveRegions"/>.</summary>
/// <param name="Graph">It takes one picture, the region's, and must live as long as the camera network.</param>
public sealed record CameraRegions(Graph Graph)
{
    /// <summary>How a region becomes the network's input; <see cref="Preprocessing.Border"/> is the colour outside of the picture.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>What its outputs mean: a <see cref="LandmarkHead"/>, or a <see cref="ClassificationHead"/>, for which the detector looks at each picture.</summary>
    public required ModelHead Head { get; init; }

    /// <summary>How regions are made and followed.</summary>
    public RegionOptions Options { get; init; } = new();

    /// <summary>The same with the network that was made of the graph.</summary>
    internal LiveRegions On(INetwork network) => new(network) { Preprocessing = Preprocessing, Head = Head, Options = Options };
}
