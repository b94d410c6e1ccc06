using RealtimeCnn.Graphs;

namespace RealtimeCnn.Demo.Scenes;

/// <summary>Two places that have to compute the same of a graph, within tolerance.</summary>
/// <param name="Expected">What is believed, in a word.</param>
/// <param name="Actual">What is examined, in a word.</param>
/// <param name="Remark">Why these two, where it is not plain; else empty.</param>
/// <param name="BindExpected">A network of a graph in the first place, which fuses layers; whether every value is kept is asked for.</param>
/// <param name="BindActual">A network of such a fused graph in the second place, which leaves it as it is.</param>
internal sealed record NetworkPair(string Expected, string Actual, string Remark, Func<Graph, bool, INetwork> BindExpected, Func<Graph, bool, INetwork> BindActual);
