using RealtimeCnn.Graphs;

namespace RealtimeCnn.Models;

/// <summary>The classic networks by the names that the command line knows them by.</summary>
public static class ModelCatalog
{
    private static readonly Dictionary<string, Func<ModelOptions?, Graph>> Factories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lenet5"] = LeNet5.Create,
        ["lenet5-relu"] = LeNet5.CreateWithRelu,
        ["alexnet"] = AlexNet.Create,
        ["vgg16"] = Vgg16.Create,
        ["googlenet"] = GoogLeNet.Create,
        ["googlenet-aux"] = GoogLeNet.CreateWithAuxiliaries,
        ["resnet18"] = ResNet.Create18,
        ["resnet50"] = ResNet.Create50,
        ["squeezenet1.1"] = SqueezeNet.Create,
        ["shufflenetv2"] = ShuffleNetV2.Create,
        ["mobilenetv1"] = MobileNetV1.Create,
        ["mobilenetv2"] = MobileNetV2.Create,
        ["mobilenetv2-tiny"] = MobileNetV2.CreateTiny,
        ["mobilenetv3-small"] = MobileNetV3.CreateSmall,
        ["mobilenetv3-large"] = MobileNetV3.CreateLarge,
    };

    /// <summary>All names, in order of publication.</summary>
    public static IReadOnlyCollection<string> Names => Factories.Keys;

    /// <summary>Whether there is a network of this name; upper and lower case are the same.</summary>
    public static bool Contains(string name) => Factories.ContainsKey(name);

    /// <summary>The network of a name with random weights; the caller disposes it.</summary>
    /// <param name="name">One of <see cref="Names"/>; upper and lower case are the same.</param>
    /// <param name="options">What differs from the published form.</param>
    /// <exception cref="ArgumentException">There is no such network; the message lists those there are.</exception>
    public static Graph Create(string name, ModelOptions? options = null) => Factories.TryGetValue(name, out var create)
        ? create(options)
        : throw new ArgumentException($"There is no model '{name}'. There are: {string.Join(", ", Names)}.", nameof(name));
}
