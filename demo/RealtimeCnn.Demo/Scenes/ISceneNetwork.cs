using RealtimeCnn.Graphs;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Scenes;

/// <summary>What a scene computes of its pictures. Another object is another network.</summary>
internal interface ISceneNetwork
{
    /// <summary>The network for pictures of one size; goes back to <see cref="Release"/> when it is used no more.</summary>
    /// <param name="upright">Height and width of the pictures as a viewer sees them.</param>
    /// <param name="options">How pictures enter it, and which outputs are drawn.</param>
    Graph Build(Size2d upright, out LiveOptions options);

    /// <summary>Takes a graph back.</summary>
    void Release(Graph graph);

    /// <summary>Takes in a result that has come back; it holds for the call.</summary>
    void Read(LiveResult result, Scene scene);
}
