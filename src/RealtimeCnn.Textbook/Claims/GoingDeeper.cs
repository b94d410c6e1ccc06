using RealtimeCnn.Cpu;
using RealtimeCnn.Drawing;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 11: the shape of networks.</summary>
/// <remarks>Source: Simonyan and Zisserman 2014, "Very Deep Convolutional Networks", arXiv:1409.1556, section 2.1, and the papers of the other networks.</remarks>
internal sealed class GoingDeeper() : Claim(
    "going-deeper",
    "Deeper, pictures shrink and channels multiply",
    "From stage to stage, a stage being all convolutions with maps of one height, the maps get smaller and never fewer: fewer places, and more to say about each. Inside a stage they may get fewer, as AlexNet's do.",
    "[C, H, W] from stage to stage:  H, W fall,  C rises or stays")
{
    // Of GoogLeNet, the auxiliary branches are no part of the way through.
    private static readonly string[] Drawn = ["lenet5", "alexnet", "vgg16", "googlenet", "resnet50", "mobilenetv2"];

    // Whose widest convolutions have at some stage just as many channels as at the one before.
    private static readonly string[] Staying = ["vgg16", "googlenet", "resnet18", "squeezenet1.1"];

    // Shapes depend on nothing that an experiment may vary, and large networks take seconds to make.
    private static readonly Lazy<IReadOnlyList<Profile>> Profiles = new(() =>
        [.. ModelCatalog.Names.Where(name => name != "googlenet-aux").Select(Measure)]);

    internal override void Run(Experiment e)
    {
        foreach (var profile in Profiles.Value)
            e.Equal($"{profile.Name}: {profile.Description}", profile.Words, Staying.Contains(profile.Name) ? "fall, rise or stay" : "fall, rise");
        var alexNet = Profiles.Value.First(profile => profile.Name == "alexnet");
        e.Equal("channels inside the last stage of alexnet", string.Join(", ", alexNet.Maps.Where(shape => shape.Height == alexNet.Stages[^1].Side).Select(shape => shape.Channels)), "384, 256, 256");
        RunOne(e);
        string[][] rows = [Drawn[..3], Drawn[3..]];
        foreach (string[] row in rows)
            e.Page.Add([.. row.Select(name => (Panel)Draw(Profiles.Value.First(profile => profile.Name == name)))]);
    }

    // The shapes are not only on paper: a whole network computes the same here as on the reference path.
    private static void RunOne(Experiment e)
    {
        var graph = e.Own(ModelCatalog.Create("lenet5", new ModelOptions { Seed = e.Random.Next() }));
        var picture = Shift.Crop(e, e.Gray(), 0, 0, 32, 32);
        using var reference = new CpuNetwork(graph);
        e.AtMost("lenet5 run on a piece of the picture, against the CPU", Numbers.RelativeError(e.Run(graph, picture), e.Run(reference, picture)), 1e-4);
    }

    private static Profile Measure(string name)
    {
        using var graph = ModelCatalog.Create(name);
        var shapes = graph.InferShapes();
        var maps = graph.Nodes.Where(node => node.Layer is ConvolutionLayer).Select(node => shapes[node]).Where(shape => shape.Height > 1).ToArray();
        var stages = maps.GroupBy(shape => shape.Height).OrderByDescending(stage => stage.Key).Select(stage => new Stage(stage.Key, stage.Max(shape => shape.Channels))).ToArray();
        bool falls = graph.Nodes.Where(node => node.Inputs.Count > 0).All(node => shapes[node].Height <= node.Inputs.Max(input => shapes[input].Height));
        return new Profile(name, [.. maps], stages, falls && stages.Length > 1);
    }

    private static Sketch Draw(Profile profile)
    {
        const int Width = 270, Height = 128;
        return new Sketch($"{profile.Name}: side {profile.Stages[0].Side} to {profile.Stages[^1].Side}, channels {profile.Stages[0].Channels} to {profile.Stages[^1].Channels}", Width, Height, (canvas, x, y) =>
        {
            double step = (double)Width / profile.Maps.Length, tallest = profile.Maps.Max(shape => shape.Height), widest = Math.Log2(profile.Maps.Max(shape => shape.Channels));
            for (int i = 0; i < profile.Maps.Length; i++)
            {
                // A slab for each convolution: as high as its maps, as dark as it has channels.
                int high = Math.Max((int)Math.Round(profile.Maps[i].Height / tallest * Height), 3), left = (int)(i * step), width = Math.Max((int)((i + 1) * step) - left - 1, 1);
                var color = Palette.Mix(Palette.Mix(Palette.Paper, Palette.Blue, 0.2), Palette.Mix(Palette.Blue, Palette.Ink, 0.45), Math.Log2(profile.Maps[i].Channels) / widest);
                canvas.Fill(new Area(x + left, y + ((Height - high) / 2), width, high), color);
            }
        });
    }

    /// <summary>All convolutions with maps of one height: that height, and the most channels among them.</summary>
    private sealed record Stage(int Side, int Channels);

    /// <summary>The maps of all convolutions, their stages from large to small, and whether no node's output is larger than its largest input.</summary>
    private sealed record Profile(string Name, Shape[] Maps, Stage[] Stages, bool Falls)
    {
        public string Description => string.Join(" → ", Stages.Select(stage => $"{stage.Channels}×{stage.Side}²"));

        /// <summary>What sides and channels do from stage to stage.</summary>
        public string Words => $"{(Falls ? "fall" : "don't fall")}, {Channels}";

        private string Channels
        {
            get
            {
                int[] steps = [.. Stages.Zip(Stages.Skip(1), (before, after) => after.Channels.CompareTo(before.Channels))];
                return steps.Any(step => step < 0) || steps.All(step => step == 0) ? "don't rise" : steps.Contains(0) ? "rise or stay" : "rise";
            }
        }
    }
}
