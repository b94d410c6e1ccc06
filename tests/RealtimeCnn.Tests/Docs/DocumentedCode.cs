using RealtimeCnn.App;
using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.OutsideLayer;
using RealtimeCnn.Regions;
using RealtimeCnn.Teaching;
using RealtimeCnn.Tracking;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

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

        using var host = EglHost.Create();
        using var network = Networks.Create(graph, "auto", host.Device);     // or "cpu", "gpu"
        Console.WriteLine(network.Choice);                                   // what runs where, and why
        var edges = network.Run(picture)[0];
        using var kept = edges.Clone();                                      // edges hold until the next run

        using var build = network.Prepare(new Shape(1, 3, 480, 640));        // another size, without a pause:
        while (!build.Advance(TimeSpan.FromMilliseconds(2)))                 // 2 ms in each turn of a loop,
            network.Run(picture);                                            // which goes on meanwhile

        using (var edit = graph.Parameters[0].Edit())
            edit.Values.Reverse();
        var otherEdges = network.Run(picture)[0];
    }

    public static void Teaching(ImageToTensor input, IEnumerable<(int Label, Frame Frame)> shown, Frame asked, byte[] small)
    {
        using var model = OnnxModel.Load("squeezenet.onnx");
        var preprocessing = ModelCard.Of(model).Preprocessing;
        var embedding = EmbeddingGraph.Of(model.Graph);
        using var network = new CpuNetwork(embedding);
        using var classifier = new FewShotClassifier(TaughtClasses.For(embedding, ["cup", "key", "pen"]));
        foreach (var (label, frame) in shown)
        {
            var outputs = network.Run(frame, input);
            EmbeddingGraph.ReadThumbnail(outputs[1], preprocessing, small);
            if (!classifier.Classes.TryAdd(label, outputs[0].Span, small, out string? refusal))
                Console.WriteLine(refusal);
        }

        classifier.Answer(network.Run(asked, input)[0].Span);                // the nearest mean, from the first example on
        classifier.Train();                                                  // a head, on a thread of its own;
        classifier.Finish();                                                 // a live loop asks Update() instead of waiting
        classifier.Answer(network.Run(asked, input)[0].Span);
        Console.WriteLine(classifier.IsRejected ? "none of them" : classifier.Classes.Names[classifier.Best]);
        TaughtModel.Save("mine.onnx", embedding, preprocessing, classifier);
    }

    public static void MaskedApp()
    {
        using var app = CameraApp.Open("camera:0", "people.onnx", new CameraAppOptions { Drawn = ["scores"] });
        app.Run(frame => frame.Overlay.Background(frame.Value("scores"), Backdrop.Blurred()));
    }

    public static void Textured(Graph graph)
    {
        using var network = new CameraNetwork(graph, new()
        {
            Preprocessing = new() { Size = 256 },
            OpenSource = () => FrameSources.Open("camera:0"),
            Textures = [new OutputTexture("scores") { Head = new SegmentationHead() }],
        });
        if (network.TryGetLatest(out var result))
            DrawMyWay(result.OutputTexture("scores").Id, result.Picture);

        static void DrawMyWay(uint texture, LivePicture? picture) => Console.WriteLine($"{texture} is the mask of picture {picture?.Sequence}");
    }

    public static void Masked(CpuNetwork network, ImageToTensor input, Frame frame)
    {
        var mask = new SegmentationMask();
        mask.Read(network.Run(frame, input)[0], input.Mapping);
        Console.WriteLine($"{mask.Percent(1):0.0} % of {mask.Size} is class 1; the first pixel is {mask.Classes[0]}");
    }

    public static void TrackedApp()
    {
        using var app = CameraApp.Open("camera:0", "digit-finder.onnx");
        app.Run(frame => frame.Overlay.Tracks(frame.Tracks));
    }

    public static void RegionApp()
    {
        using var app = CameraApp.Open("camera:0", "palm.onnx", new CameraAppOptions { RegionModel = "hand-landmarks.onnx" });
        app.Run(frame => frame.Overlay.Regions(frame.Regions));
    }

    public static void RegionsOfYourOwn(GlDevice device, Graph palms, Graph hands, Preprocessing whole, Preprocessing crop)
    {
        using var network = new CameraNetwork(palms, new CameraNetworkOptions
        {
            Preprocessing = whole, Head = new BlazeHead { Thing = "palm" },
            Regions = new CameraRegions(hands)
            {
                Preprocessing = crop, Head = new LandmarkHead { Points = 21, Dimensions = 3 },
                Options = new RegionOptions { MaximumRegions = 2, Detected = RegionRule.Palm, Followed = RegionRule.HandLandmarks },
            },
        });
        network.Initialize(device);
        network.ResultArrived += (_, result) =>
        {
            foreach (var hand in result.Regions)
                Console.WriteLine($"{result.Sequence}: hand {hand.Id} at {hand.Region.Centre}, {hand.Score:P0}, followed for {hand.Age}");
            Console.WriteLine($"the detector has looked at {network.DetectorRuns} of {network.FramesProcessed} pictures");
        };
    }

    public static void Tracked(LiveResult result, Detection[] detections, Classification classification)
    {
        var tracker = new BoxTracker(new BoxTrackerOptions { MostMissed = 10, BeginScore = 0.6f });
        if (tracker.Update(result.Timestamp, detections))
        {
            foreach (var track in tracker.Tracks)
                Console.WriteLine($"{track.Id} {track.Box} seen for {track.Age.TotalSeconds:0.0} s, lost for {track.Missed} pictures");
        }

        var vote = new LabelVote(new LabelVoteOptions { Accept = 0.6f, Release = 0.4f });
        vote.Update(result.Timestamp, classification.Top);
        bool isKnown = vote.Label != LabelVote.None;
        Console.WriteLine(isKnown);
    }

    public static async Task Feed(CancellationToken cancellation)
    {
        await foreach (var result in CameraFeed.Open("camera:0", "model.onnx", cancellation: cancellation))
            Console.WriteLine($"picture {result.Sequence}, {result.Age.TotalMilliseconds:0} ms ago: {result.Outputs[0].Shape}");
    }

    public static void Onnx(Tensor input, Graph graph, string[] labels)
    {
        using var model = OnnxModel.Load("mine.onnx");            // or says exactly why not
        using var network = new CpuNetwork(model.Graph);          // or Networks.Create(model.Graph, "auto", device)
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

    public static void Training()
    {
        using var graph = LeNet5.Create(new ModelOptions { InputSize = 28 });
        var (learned, heldOut) = IdxFile.Read("train-images.gz", "train-labels.gz").Split(heldOut: 0.1);
        var recipe = new TrainerOptions { Epochs = 5, BatchSize = 64, Rule = new Adam { Rate = 0.002f }, Schedule = new CosineSchedule(), Augmentation = Augmentation.Digits };
        var result = new Trainer(graph, learned, recipe, heldOut).Run();
        Console.WriteLine(result.Best?.HeldOutAccuracy);
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
