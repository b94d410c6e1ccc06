// A guest in a host on OpenGL ES: this program owns the context, the loop and the shader that draws; the network's output comes to it as a
// texture, and nothing of it goes through the CPU.
//   dotnet run --project demo/samples/GuestInEgl -- [camera:0 | FILE | pattern] [PICTURES] [PICTURE.png]
using System.Globalization;
using RealtimeCnn;
using RealtimeCnn.Camera;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Samples.GuestInEgl;

const int Width = 640, Height = 480;
string source = args.Length > 0 ? args[0] : "pattern";
int pictures = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 30;

var opened = Egl.Open(Width, Height);
var screen = new Screen();
using (var camera = FrameSources.Open(source))
using (var device = GlDevice.Attach(Egl.GetProcAddress))
using (var graph = Filters.Graph(new Shape(1, 3, Height / 2, Width / 2), Filters.SobelLeft))
using (var network = new CameraNetwork(graph, new CameraNetworkOptions
{
    Preprocessing = new Preprocessing { Size = new Size2d(Height / 2, Width / 2), Fit = FitMode.Letterbox },
    Source = camera,
    Backend = "gpu",
    Textures = [new OutputTexture(graph.Outputs[0].Name) { Head = new PictureHead() }],
}))
{
    network.Initialize(device);
    int drawn = 0;
    bool isOver = false;
    while (drawn < pictures && !isOver)
    {
        isOver = camera.Status.State == SourceState.Ended && network.IsIdle;
        network.Update(1 / 60.0);
        if (!network.TryGetLatest(out var result))
            continue;

        // The texture holds until the next result is taken, and the host's OpenGL state is as the host left it.
        screen.Draw(result.OutputTexture().Id);
        drawn++;
    }

    if (args.Length > 2)
        Png.Write(args[2], screen.Read(Width, Height), new FrameFormat(Width, Height, PixelFormat.Rgba));
    Console.WriteLine($"{drawn} pictures on {device.Info.Renderer}, OpenGL {device.Info.Version}.");
}

Egl.Close(opened);
