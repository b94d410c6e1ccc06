using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Tests.Teaching;

/// <summary>What was taught as a file: it answers as before, anything can run it, it can be taught on, and nothing is lost when something goes wrong.</summary>
public sealed class TaughtModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-taught-").FullName;
    private readonly OnnxModel _backbone = ShippedModels.Load(ShippedModels.Digits, new OnnxLoadOptions { TakesPictures = true });

    public void Dispose()
    {
        _backbone.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Preprocessing Preprocessing => ModelCard.Of(_backbone).Preprocessing;

    private string File => Path.Combine(_folder, "taught.onnx");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_loaded_answers_to_the_bit_as_what_was_saved_and_can_be_taught_on(bool isTrained)
    {
        var embedding = EmbeddingGraph.Of(_backbone.Graph);
        using var classifier = Taught(embedding);
        if (isTrained)
        {
            classifier.Train();
            classifier.Finish();
        }

        Assert.Equal(isTrained, classifier.IsTrained);
        TaughtModel.Save(File, embedding, Preprocessing, classifier);
        Assert.False(System.IO.File.Exists(File + ".new"));
        using var loaded = TaughtModel.Load(File);
        Assert.Equal(classifier.Classes.ToBytes(), loaded.Classifier.Classes.ToBytes());
        using CpuNetwork one = new(embedding), other = new(loaded.Embedding);
        for (int i = 0; i < 12; i++)
        {
            using var picture = Picture(1 + (i % 2), 100 + i);
            float[] features = one.Run([picture])[0].Span.ToArray();
            Assert.Equal(features, other.Run([picture])[0].Span.ToArray());
            Assert.Equal(TaughtExamples.Bits(classifier, features), TaughtExamples.Bits(loaded.Classifier, features));
        }

        Assert.Equal(Preprocessing, loaded.Preprocessing);
        // On: another example, and the last take back.
        Assert.True(loaded.Classifier.Classes.TryAdd(2, Embed(other, 2, 555), new byte[loaded.Classifier.Classes.NewestOf(1)!.Thumbnail.Length], out _));
        loaded.Classifier.Classes.Undo(out _);
        Assert.Equal(isTrained, classifier.IsTrained);
    }

    [Fact]
    public void The_file_is_a_classifier_for_whoever_reads_ONNX()
    {
        var embedding = EmbeddingGraph.Of(_backbone.Graph);
        using var classifier = Taught(embedding);
        classifier.Train();
        classifier.Finish();
        TaughtModel.Save(File, embedding, Preprocessing, classifier);
        Assert.True(TaughtModel.IsOne(OnnxModel.ReadMetadata(File)));
        using var model = OnnxModel.Load(File);
        var card = ModelCard.Of(model);
        Assert.Equal(["nothing", "one", "two", "unfamiliar"], card.Labels);
        var head = Assert.IsType<ClassificationHead>(card.Head);
        Assert.Equal((0.5f, "nothing\nunfamiliar"), (head.Threshold, head.Reject));
        var answer = card.NewClassification();
        using CpuNetwork whole = new(model.Graph), front = new(embedding);
        for (int i = 0; i < 20; i++)
        {
            using var picture = Picture(i % 3, 300 + i);
            Compare(picture);
        }

        // Of no class, whichever head answers: squares of ink.
        using var ink = new Tensor(new Shape(1, 1, 28, 28));
        for (int i = 0; i < ink.Span.Length; i++)
            ink.Span[i] = i / 28 / 7 % 2 == i % 28 / 7 % 2 ? 4 : -4;
        Compare(ink);
        Assert.True(answer.IsRejected && answer.Top1.Name == "unfamiliar", $"{answer.Top1}, novelty {classifier.Familiarity!.Novelty(front.Run([ink])[0].Span)}");

        void Read(Tensor picture) => answer.Read(whole.Run([picture])[0].Span);

        void Compare(Tensor picture)
        {
            classifier.Answer(front.Run([picture])[0].Span);
            Read(picture);
            Assert.Equal(classifier.IsRejected, answer.IsRejected);
            Assert.Equal(classifier.IsUnfamiliar ? "unfamiliar" : classifier.Classes.Names[classifier.Best], answer.Top1.Name);
            Assert.Equal(classifier.IsUnfamiliar ? 1 - classifier.Probabilities.ToArray().Sum() : classifier.Probabilities[classifier.Best], answer.Top1.Probability, 1e-3);
        }
    }

    [Fact]
    public void A_save_that_is_cut_short_leaves_the_file_that_was_there()
    {
        var embedding = EmbeddingGraph.Of(_backbone.Graph);
        using var classifier = Taught(embedding);
        TaughtModel.Save(File, embedding, Preprocessing, classifier);
        byte[] before = System.IO.File.ReadAllBytes(File);
        // Killed in the middle: half of the new file lies beside the old one, and the next save replaces it.
        System.IO.File.WriteAllBytes(File + ".new", before[..(before.Length / 2)]);
        using (TaughtModel.Load(File))
            Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        classifier.Classes.Rename(1, "uno");
        TaughtModel.Save(File, embedding, Preprocessing, classifier);
        using (var loaded = TaughtModel.Load(File))
            Assert.Equal("uno", loaded.Classifier.Classes.Names[1]);
        // What cannot be written at all.
        before = System.IO.File.ReadAllBytes(File);
        Directory.CreateDirectory(File + ".new");
        Assert.ThrowsAny<SystemException>(() => TaughtModel.Save(File, embedding, Preprocessing, classifier));
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        classifier.Classes.Clear();
        Assert.Contains("Nothing has been taught", Assert.Throws<ArgumentException>(() => TaughtModel.ToBytes(embedding, Preprocessing, classifier)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_not_taught_or_is_broken_is_refused_in_a_sentence()
    {
        Assert.Contains("not an embedding", Assert.Throws<ArgumentException>(() => TaughtClasses.For(_backbone.Graph, ["a"])).Message, StringComparison.Ordinal);
        string plain = Repository.Model(ShippedModels.Digits);
        Assert.Contains("was not taught", Assert.Throws<OnnxException>(() => TaughtModel.Load(plain)).Message, StringComparison.Ordinal);
        Assert.Contains("no file", Assert.Throws<OnnxException>(() => TaughtModel.Load(Path.Combine(_folder, "none.onnx"))).Message, StringComparison.Ordinal);
        var embedding = EmbeddingGraph.Of(_backbone.Graph);
        using var classifier = Taught(embedding);
        byte[] bytes = TaughtModel.ToBytes(embedding, Preprocessing, classifier);
        string text = Convert.ToBase64String(classifier.Classes.ToBytes());
        int at = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(text));
        Assert.True(at > 0);
        bytes[at + 5000] = (byte)(bytes[at + 5000] == 'A' ? 'B' : 'A');
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.Contains("'taught.onnx' cannot be taught on: The examples are damaged", Assert.Throws<OnnxException>(() => TaughtModel.Load(File)).Message, StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(File, bytes[..(bytes.Length / 3)]);
        Assert.Throws<OnnxException>(() => TaughtModel.Load(File));
    }

    private static FewShotClassifier Taught(Graph embedding)
    {
        var classes = TaughtClasses.For(embedding, ["nothing", "one", "two", "three"], nothing: 0);
        Assert.Equal(new Size2d(28, 28), classes.ThumbnailSize);
        using var network = new CpuNetwork(embedding);
        for (int label = 0; label < 3; label++)
        {
            classes.BeginTake();
            for (int i = 0; i < 8; i++)
                Assert.True(classes.TryAdd(label, Embed(network, label, (10 * label) + i), new byte[28 * 28 * 3], out string? refusal), refusal);
        }

        return new FewShotClassifier(classes);
    }

    private static float[] Embed(CpuNetwork network, int label, int seed)
    {
        using var picture = Picture(label, seed);
        return network.Run([picture])[0].Span.ToArray();
    }

    /// <summary>Bars that lie, stand or are dots, somewhere.</summary>
    private static Tensor Picture(int label, int seed)
    {
        var random = new Random(seed);
        var picture = new Tensor(new Shape(1, 1, 28, 28));
        picture.Span.Fill(-1);
        for (int bar = 0; bar < 3; bar++)
        {
            int row = random.Next(2, 22), column = random.Next(2, 22);
            for (int i = 0; i < 14; i++)
            {
                int y = label == 1 ? row : label == 2 ? 6 + i : random.Next(28), x = label == 1 ? 6 + i : label == 2 ? column : random.Next(28);
                picture.Span[(28 * y) + x] = 1;
            }
        }

        return picture;
    }
}
