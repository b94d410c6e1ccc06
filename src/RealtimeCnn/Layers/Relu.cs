namespace RealtimeCnn.Layers;

/// <summary>Rectified linear unit: <c>y = max(x, 0)</c>. Shapes: any → the same.</summary>
/// <remarks>Source: Nair and Hinton 2010, "Rectified Linear Units Improve Restricted Boltzmann Machines"; ONNX Relu.</remarks>
public sealed record Relu() : ActivationLayer(Activation.Relu);

/// <summary>Rectified linear unit with a ceiling: <c>y = min(max(x, 0), 6)</c>. Shapes: any → the same.</summary>
/// <remarks>Source: Howard et al. 2017, "MobileNets", arXiv:1704.04861.</remarks>
public sealed record Relu6() : ActivationLayer(Activation.Relu6);
