using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.OutsideLayer;

namespace RealtimeCnn.Tests.Docs;

/// <summary>
/// Code that the documentation shows, line by line, so that it compiles. <see cref="SnippetTests"/> holds that it is the same; it
/// names files and cameras that are not here, so it is not run.
/// </summary>
internal static class DocumentedCode
{
    public static void Readme()
    {
        using var photograph = Photograph.Load("photo.jpg");
        using var picture = PixelTensor.FromPixels(photograph.Pixels, photograph.Format);
        using var graph = Filters.Graph(picture.Shape, Filters.SobelLeft);

        using var cpu = new CpuNetwork(graph);
        var edges = cpu.Run(picture)[0];

        using var host = EglHost.Create();
        using var gpu = new GpuNetwork(host.Device, graph);
        var sameEdges = gpu.Run(picture)[0];

        using (var edit = graph.Parameters[0].Edit())
            edit.Values.Reverse();
        var otherEdges = cpu.Run(picture)[0];
    }

    public static void Onnx(Tensor input, Graph graph, string[] labels)
    {
        using var model = OnnxModel.Load("mine.onnx");            // or says exactly why not
        using var network = new CpuNetwork(model.Graph);          // or new GpuNetwork(device, model.Graph)
        var outputs = network.Run(input);
        OnnxTensor result = model.ReadOutput(0, outputs[0]);      // in the type the file declares

        model.Save("again.onnx");                                 // names, types and metadata are kept
        OnnxExporter.Write("trained.onnx", graph, new OnnxMetadata { Labels = labels, InputSize = new(96, 96) });
    }

    public static void LayersFromOutside()
    {
        using var model = OnnxModel.Load("shrinking.onnx", new OnnxLoadOptions { Operators = [SoftThreshold.Operator] });
        OnnxExporter.Write("again.onnx", model.Graph, operators: [SoftThreshold.Operator]);
    }

    public static void Playing(IFrameSource source)
    {
        source.Playback?.Pause();        // nothing comes
        source.Playback?.Advance();      // exactly one picture: the next
        source.Playback?.Play();         // on from there, in its own time
        source.Album?.ShowNext();        // the next photograph; behind the last comes the first
        source.Album?.ShowPrevious();
    }
}
