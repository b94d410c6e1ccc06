// The last layer of a classifier, trained on photographs of your own, one folder for each of its labels, then all of it with a smaller rate.
//   dotnet run --project demo/samples/FineTune -c Release -- MODEL.onnx FOLDER OUTPUT.onnx
using RealtimeCnn;
using RealtimeCnn.Camera;
using RealtimeCnn.Onnx;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

if (args.Length != 3)
{
    Console.Error.WriteLine("FineTune needs a model with labels, a folder of photographs and a file to write: FineTune MODEL.onnx FOLDER OUTPUT.onnx.");
    return 2;
}

try
{
    using var model = OnnxModel.Load(args[0]);
    var input = model.Inputs[0].Shape;
    var preprocessing = model.Metadata.PreprocessingFor(new Size2d(input.Height, input.Width), input.Channels);
    var (learned, heldOut) = PhotographFolder.Read(args[1], preprocessing, model.Metadata.Labels).Split(heldOut: 0.2);
    var statistics = new InputStatistics(model.Metadata.Mean, model.Metadata.Scale);
    // Everything before the last layer stays, and what it makes of the photographs is computed once; then all of it learns, slowly.
    var last = model.Graph.Nodes.Last(node => node.Parameters.Count > 0);
    var front = new FrozenFront(model.Graph, last.Inputs[0].Name);
    var recipe = new TrainerOptions { Epochs = 20, Rule = new Adam { Rate = 0.001f }, Progress = epoch => Console.WriteLine($"epoch {epoch.Epoch}: {epoch.HeldOutAccuracy:P1} of the photographs held out") };
    new Trainer(front.End, front.Apply(learned, statistics), recipe, front.Apply(heldOut, statistics)).Run();
    new Trainer(model.Graph, learned, recipe with { Epochs = 3, Rule = new Adam { Rate = 0.0001f }, Statistics = statistics, Augmentation = Augmentation.Photographs }, heldOut).Run();
    model.Save(args[2]);
    return 0;
}
catch (Exception problem) when (problem is OnnxException or DataSetException or ShapeException or NotSupportedException or ArgumentException or IOException)
{
    Console.Error.WriteLine($"FineTune: {problem.Message}");
    return 2;
}
