namespace RealtimeCnn.Layers;

/// <summary>Any activation as a layer of its own: what is taken out of a layer that applies it itself.</summary>
internal sealed record Activated(Activation Activation) : ActivationLayer(Activation);
