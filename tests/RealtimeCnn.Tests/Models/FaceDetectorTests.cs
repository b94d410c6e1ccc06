using System.Text.Json;
using RealtimeCnn.Cli;
using RealtimeCnn.Tests.Onnx;

namespace RealtimeCnn.Tests.Models;

/// <summary>Published detectors of faces on photographs, as a user asks them: <c>rtcnn infer</c> with nothing but the file.</summary>
public sealed class FaceDetectorTests : IDisposable
{
    private const string UltraFace = "ultraface-rfb-320.onnx", YuNet = "yunet_n_320_320.onnx";
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-faces-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SharedDataFact]
    public void UltraFace_finds_nineteen_faces()
    {
        var faces = Ask(UltraFace, "ultraface_1.jpg", out string said);
        Assert.Contains("Head ssd, recognised by 'scores' [1, 4420, 2] and 'boxes' [1, 4420, 4]: 1 class (face), score from 0.7.", said, StringComparison.Ordinal);
        Assert.Equal(19, faces.Count);
        Assert.All(faces, face => Assert.Empty(face.Landmarks));
        // They stand in rows, all about as large, and no two are one.
        double[] heights = [.. faces.Select(face => face.Height).Order()];
        Assert.InRange(heights[^1] / heights[0], 1, 3);
        Assert.All(faces, face => Assert.InRange(face.Width / face.Height, 0.5, 1.1));
        Assert.DoesNotContain(faces, face => faces.Any(other => other != face && other.Iou(face) > 0.3));
    }

    [SharedDataTheory]
    [InlineData("girl-919048_1280.jpg")]
    [InlineData("woman-5883428_1280.jpg")]
    [InlineData("doctor-5871743_640.jpg")]
    [InlineData("grace_hopper.jpg")]
    public void Both_detectors_find_the_one_face_and_YuNet_its_eyes_nose_and_mouth(string photograph)
    {
        var ultraFace = Assert.Single(Ask(UltraFace, photograph, out _));
        var face = Assert.Single(Ask(YuNet, photograph, out string said));
        Assert.Contains("Head yunet, recognised by 'cls_8' [1, 1600, 1] to 'kps_32' [1, 100, 10] (12): 1 class (face)", said, StringComparison.Ordinal);
        Assert.InRange(face.Iou(ultraFace), 0.5, 1);
        Assert.InRange(face.Score, 0.8, 1);
        VerifyFace(face);
    }

    [SharedDataFact]
    public void YuNet_finds_the_faces_that_UltraFace_finds_in_a_crowd()
    {
        var ultraFace = Ask(UltraFace, "ultraface_1.jpg", out _);
        var faces = Ask(YuNet, "ultraface_1.jpg", out _);
        Assert.InRange(faces.Count, 16, 22);
        Assert.InRange(ultraFace.Count(face => faces.Any(other => other.Iou(face) > 0.4)), 16, 19);
        Assert.All(faces, VerifyFace);
    }

    [SharedDataTheory]
    [InlineData(UltraFace)]
    [InlineData(YuNet)]
    public void Where_there_is_no_face_none_is_found(string model)
    {
        foreach (string photograph in new[] { "darknet_dog.jpg", "bald_eagle.jpeg", "parrot.jpg", "caffe_cat.jpg" })
            Assert.Empty(Ask(model, photograph, out _));
    }

    // Right eye, left eye, nose and corners of the mouth, of somebody who stands upright.
    private static void VerifyFace(Face face)
    {
        Assert.Equal(5, face.Landmarks.Count);
        Assert.All(face.Landmarks, point =>
        {
            Assert.InRange(point.X, face.X, face.X + face.Width);
            Assert.InRange(point.Y, face.Y, face.Y + face.Height);
        });
        var points = face.Landmarks;
        Assert.True(points[0].X < points[1].X && points[3].X < points[4].X, "Left and right are not in order.");
        Assert.True(Math.Max(points[0].Y, points[1].Y) < points[2].Y && points[2].Y < Math.Min(points[3].Y, points[4].Y), "The nose is not between eyes and mouth.");
    }

    private List<Face> Ask(string model, string photograph, out string said)
    {
        using StringWriter output = new(), error = new();
        string json = Path.Combine(_folder, "answer.json");
        Assert.Equal(0, CommandLine.Run(["infer", SharedData.Path("models", model), SharedData.Path("images", photograph), "--json", json, "--output", _folder], output, error));
        said = error.ToString();
        using var document = JsonDocument.Parse(File.ReadAllText(json));
        var answer = document.RootElement[0];
        Assert.True(new FileInfo(Path.Combine(_folder, $"{Path.GetFileNameWithoutExtension(photograph)}.png")).Length > 0);
        return [.. answer.GetProperty("detections").EnumerateArray().Select(Read)];

        Face Read(JsonElement thing)
        {
            Assert.Equal("face", thing.GetProperty("label").GetString());
            var face = new Face(
                Number("x"), Number("y"), Number("width"), Number("height"), Number("score"),
                [.. thing.GetProperty("landmarks").EnumerateArray().Select(point => (point[0].GetDouble(), point[1].GetDouble()))]);
            Assert.InRange(face.X + face.Width, 0, answer.GetProperty("width").GetDouble());
            Assert.InRange(face.Y + face.Height, 0, answer.GetProperty("height").GetDouble());
            return face;

            double Number(string name) => thing.GetProperty(name).GetDouble();
        }
    }

    private sealed record Face(double X, double Y, double Width, double Height, double Score, IReadOnlyList<(double X, double Y)> Landmarks)
    {
        public double Iou(Face other)
        {
            double width = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X), height = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
            double shared = Math.Max(width, 0) * Math.Max(height, 0);
            return shared / ((Width * Height) + (other.Width * other.Height) - shared);
        }
    }
}
