using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Live;
using RealtimeCnn.Tests.Heads;
using RealtimeCnn.Tests.Onnx;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>What is found on the GPU is what is found on the CPU: the same things in the same order, for every family, and of garbage.</summary>
[Collection(GlTests.Name)]
public class GpuHeadTests(GlFixture gl)
{
    public static TheoryData<string> Cases => [.. HeadCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Shaders_find_what_the_published_code_finds(string name)
    {
        using var head = HeadCase.All[name]();
        var published = head.Published();
        gl.Run(device =>
        {
            using var run = new HeadRun(device, head.Reader(), head.Outputs);
            // Twice: the list is empty again.
            head.Verify(run.Find(head.Outputs), published);
            head.Verify(run.Find(head.Outputs), published);
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_garbage_both_find_the_same_and_nothing_that_lies_nowhere(string name)
    {
        using var head = HeadCase.All[name]();
        var random = new Random(3);
        float[] garbage = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -float.MaxValue, 1, 0, 0.75f, 2, 0.25f];
        gl.Run(device =>
        {
            var reader = head.Reader();
            using var run = new HeadRun(device, reader, head.Outputs);
            for (int round = 0; round < 4; round++)
            {
                foreach (var output in head.Outputs)
                {
                    foreach (ref float value in output.Span)
                        value = round == 3 ? float.NaN : garbage[random.Next(garbage.Length)];
                }

                reader.Read(head.Outputs);
                var found = run.Find(head.Outputs);
                if (head.HasExactScores)
                    VerifySame(reader.Found, found);
                Assert.All(found, box => Assert.True(float.IsFinite(box.Left + box.Top + box.Right + box.Bottom) && box.Right > box.Left && box.Bottom > box.Top && box.Score >= head.Head.Threshold && box.Score <= 1, $"{box}"));
                if (round == 3)
                    Assert.Empty(found);
            }
        });
    }

    /// <summary>Boxes of the picture before are still there to be decoded, if anybody thought that they were candidates.</summary>
    [Fact]
    public void Candidates_of_one_picture_are_none_of_the_next()
    {
        using var head = HeadCase.All["yolox"]();
        gl.Run(device =>
        {
            using var run = new HeadRun(device, head.Reader(), head.Outputs);
            Assert.NotEmpty(run.Find(head.Outputs));
            for (int i = 4; i < head.Outputs[0].Shape.Count; i += head.Outputs[0].Shape[2])
                head.Outputs[0].Span[i] = 0;
            Assert.Empty(run.Find(head.Outputs));
        });
    }

    /// <summary>Far more candidates than are looked at, most of them of equal score.</summary>
    [Fact]
    public void Of_many_candidates_the_first_of_the_best_are_found()
    {
        var input = new Size2d(1024, 1024);
        var shape = new Shape(1, 21504, 8);
        using var output = new Tensor(shape);
        var random = new Random(5);
        foreach (ref float value in output.Span)
            value = random.Next(12, 17) / 16f;
        gl.Run(device =>
        {
            foreach (var head in new[] { new YoloxHead { Candidates = 300, Boxes = 300, Suppression = new Suppression { Overlap = 0.9f } }, new YoloxHead { EachClass = true } })
            {
                var reader = new DetectionReader(head, [new HeadOutput("output", shape)], input);
                using var run = new HeadRun(device, reader, [output]);
                reader.Read([output]);
                Assert.InRange(reader.Found.Count, 50, 300);
                VerifySame(reader.Found, run.Find([output]));
            }
        });
    }

    [Fact]
    public void What_shaders_may_not_walk_is_refused_and_the_CPU_reads_it()
    {
        var shape = new Shape(1, 1053696, 6);
        var reader = new DetectionReader(new YoloxHead(), [new HeadOutput("output", shape)], new Size2d(7168, 7168));
        Assert.Contains("longer loops than a shader may walk", HeadKernels.Of(reader.Head, reader.Layout, GlLimits.Guaranteed).Refusal, StringComparison.Ordinal);
    }

    [SharedDataTheory]
    [InlineData("ultraface-rfb-320.onnx", "ultraface_1.jpg", 19)]
    [InlineData("yunet_n_320_320.onnx", "ultraface_1.jpg", 19)]
    [InlineData("yunet_n_320_320.onnx", "girl-919048_1280.jpg", 1)]
    public void A_live_detector_finds_the_same_on_both_backends(string file, string photograph, int count)
    {
        using var model = OnnxModel.Load(SharedData.Path("models", file));
        var card = ModelCard.Of(model);
        using var picture = RealtimeCnn.Camera.Photograph.Load(SharedData.Path("images", photograph));
        var options = new LiveOptions { Preprocessing = card.Preprocessing, Head = (DetectionHead)card.Head! };
        var onCpu = new Detections();
        using (var network = new CpuNetwork(model.Graph))
        using (var pipeline = new CpuPipeline())
        {
            pipeline.Use(network, options);
            onCpu.CopyFrom(Find(pipeline, picture));
        }

        Assert.Equal(count, onCpu.Count);
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, model.Graph);
            using var pipeline = new GpuPipeline(device);
            pipeline.Use(network, options);
            var onGpu = Find(pipeline, picture);
            Assert.Equal(onCpu.Count, onGpu.Count);
            Assert.Equal(onCpu.Landmarks, onGpu.Landmarks);
            // The networks' outputs differ in the last digits, so that of nearly equal scores either may be first.
            foreach (var box in onCpu)
                Assert.Single(onGpu, other => other.Overlap(box) > 0.98f && Math.Abs(other.Score - box.Score) < 1e-3f);
            pipeline.Use(network, options with { KeepsOutputs = true });
            Find(pipeline, picture, model.Outputs.Count);
        });
    }

    private static Detections Find(LivePipeline pipeline, Frame picture, int outputs = 0)
    {
        Assert.True(pipeline.TrySubmit(picture));
        pipeline.Finish();
        Assert.True(pipeline.TryTake(out var result));
        Assert.Equal(outputs, result.Outputs.Count);
        return result.Detections;
    }

    private static void VerifySame(Detections expected, Detections found)
    {
        Assert.Equal(expected.Select(box => (box.Class, MathF.Round(box.Score, 4))), found.Select(box => (box.Class, MathF.Round(box.Score, 4))));
        for (int i = 0; i < expected.Count; i++)
        {
            var (box, other) = (expected[i], found[i]);
            Assert.Equal([box.Left, box.Top, box.Right, box.Bottom, .. Flat(expected, i)], [other.Left, other.Top, other.Right, other.Bottom, .. Flat(found, i)], (a, b) => Math.Abs(a - b) <= 0.01 + (1e-4 * Math.Abs(a)));
        }

        static IEnumerable<float> Flat(Detections all, int index) => all.LandmarksOf(index).ToArray().SelectMany(point => new[] { point.X, point.Y });
    }

    /// <summary>A head on a device, fed with outputs from memory.</summary>
    private sealed class HeadRun : IDisposable
    {
        private readonly GpuBuffer[] _buffers;
        private readonly GpuBufferView[] _views;
        private readonly GpuHead _head;

        public HeadRun(GlDevice device, DetectionReader reader, Tensor[] outputs)
        {
            _buffers = [.. outputs.Select(output => new GpuBuffer(device, (output.Shape.Count + 3) / 4 * 16, "output"))];
            _views = [.. _buffers.Select(buffer => new GpuBufferView(buffer, 0, buffer.Bytes))];
            var kernels = HeadKernels.Of(reader.Head, reader.Layout, device.Limits);
            Assert.Null(kernels.Refusal);
            _head = new GpuHead(device, reader, kernels, _views);
        }

        public Detections Find(Tensor[] outputs)
        {
            for (int i = 0; i < outputs.Length; i++)
                _buffers[i].Upload<float>(outputs[i].Span);
            _head.Run();
            float[] values = new float[_head.Range.Bytes / sizeof(float)];
            _head.Range.Buffer.Read(values.AsSpan());
            var found = new Detections();
            _head.Read(values, found);
            return found;
        }

        public void Dispose()
        {
            _head.Dispose();
            foreach (var view in _views)
                view.Dispose();
            foreach (var buffer in _buffers)
                buffer.Dispose();
        }
    }
}
