namespace RealtimeCnn.Layers;

/// <summary><c>y = min(max(x, lower), upper)</c>. Shapes: any → the same.</summary>
/// <param name="Lower">Lower bound.</param>
/// <param name="Upper">Upper bound, at least the lower one.</param>
/// <remarks>Source: ONNX Clip; with (−1, 1) it is PyTorch's Hardtanh.</remarks>
public sealed record Clip(float Lower, float Upper) : ActivationLayer(Activation.Clip(Lower, Upper));

/// <summary><c>y = x</c> above 0, else <c>slope·x</c>. Shapes: any → the same.</summary>
/// <param name="Slope">Slope below 0.</param>
/// <remarks>Source: Maas et al. 2013, "Rectifier Nonlinearities Improve Neural Network Acoustic Models"; ONNX LeakyRelu.</remarks>
public sealed record LeakyRelu(float Slope = 0.01f) : ActivationLayer(Activation.LeakyRelu(Slope));

/// <summary>Exponential linear unit: <c>y = x</c> above 0, else <c>alpha·(e^x − 1)</c>. Shapes: any → the same.</summary>
/// <param name="Alpha">Minus the value towards −∞.</param>
/// <remarks>Source: Clevert et al. 2015, "Fast and Accurate Deep Network Learning by Exponential Linear Units", arXiv:1511.07289; ONNX Elu.</remarks>
public sealed record Elu(float Alpha = 1) : ActivationLayer(new Activation(ActivationFunction.Elu, Alpha));

/// <summary>Scaled exponential linear unit: <c>y = gamma·x</c> above 0, else <c>gamma·alpha·(e^x − 1)</c>. Shapes: any → the same.</summary>
/// <param name="Alpha">Constant of the exponential part.</param>
/// <param name="Gamma">Overall scale.</param>
/// <remarks>Source: Klambauer et al. 2017, "Self-Normalizing Neural Networks", arXiv:1706.02515; ONNX Selu.</remarks>
public sealed record Selu(float Alpha = 1.67326319f, float Gamma = 1.05070102f) : ActivationLayer(new Activation(ActivationFunction.Selu, Alpha, Gamma));

/// <summary>Continuously differentiable ELU: <c>y = x</c> above 0, else <c>alpha·(e^(x/alpha) − 1)</c>. Shapes: any → the same.</summary>
/// <param name="Alpha">Minus the value towards −∞; not 0.</param>
/// <remarks>Source: Barron 2017, "Continuously Differentiable Exponential Linear Units", arXiv:1704.07483; ONNX Celu.</remarks>
public sealed record Celu(float Alpha = 1) : ActivationLayer(new Activation(ActivationFunction.Celu, Alpha));

/// <summary>The logistic function: <c>y = 1 / (1 + e^−x)</c>. Shapes: any → the same. Source: ONNX Sigmoid.</summary>
public sealed record Sigmoid() : ActivationLayer(Activation.Sigmoid);

/// <summary>The hyperbolic tangent: <c>y = tanh(x)</c>, exact near 0. Shapes: any → the same. Source: ONNX Tanh.</summary>
public sealed record Tanh() : ActivationLayer(Activation.Tanh);

/// <summary>Piecewise linear sigmoid: <c>y = min(max(alpha·x + beta, 0), 1)</c>. Shapes: any → the same.</summary>
/// <param name="Alpha">Slope; 1/6 in PyTorch and MobileNetV3, 0.2 by default in ONNX.</param>
/// <param name="Beta">Value at 0.</param>
/// <remarks>Source: ONNX HardSigmoid.</remarks>
public sealed record HardSigmoid(float Alpha = 1f / 6, float Beta = 0.5f) : ActivationLayer(new Activation(ActivationFunction.HardSigmoid, Alpha, Beta));

/// <summary><c>y = x·min(max(x/6 + 1/2, 0), 1)</c>. Shapes: any → the same.</summary>
/// <remarks>Source: Howard et al. 2019, "Searching for MobileNetV3", arXiv:1905.02244, section 5.2; ONNX HardSwish.</remarks>
public sealed record HardSwish() : ActivationLayer(Activation.HardSwish);

/// <summary>Sigmoid linear unit, or swish: <c>y = x / (1 + e^−x)</c>. Shapes: any → the same.</summary>
/// <remarks>Source: Elfwing et al. 2017, arXiv:1702.03118; Ramachandran et al. 2017, arXiv:1710.05941.</remarks>
public sealed record Silu() : ActivationLayer(Activation.Silu);

/// <summary><c>y = x·tanh(ln(1 + e^x))</c>. Shapes: any → the same.</summary>
/// <remarks>Source: Misra 2019, "Mish", arXiv:1908.08681; ONNX Mish.</remarks>
public sealed record Mish() : ActivationLayer(new Activation(ActivationFunction.Mish));

/// <summary>
/// Gaussian error linear unit: <c>y = x/2·(1 + erf(x/√2))</c>, or its tanh form
/// <c>y = x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</c>. Shapes: any → the same.
/// </summary>
/// <param name="IsTanhForm">Whether the tanh form is meant, which differs by up to 5e-4.</param>
/// <remarks>
/// erf is a polynomial below 1 and Abramowitz and Stegun 7.1.26 above (absolute error 1.5e-7). Source: Hendrycks and Gimpel
/// 2016, arXiv:1606.08415; ONNX Gelu.
/// </remarks>
public sealed record Gelu(bool IsTanhForm = false) : ActivationLayer(new Activation(IsTanhForm ? ActivationFunction.GeluTanh : ActivationFunction.Gelu));

/// <summary><c>y = ln(1 + e^x)</c>, without overflow or cancellation. Shapes: any → the same. Source: ONNX Softplus.</summary>
public sealed record Softplus() : ActivationLayer(new Activation(ActivationFunction.Softplus));

/// <summary><c>y = x / (1 + |x|)</c>. Shapes: any → the same. Source: ONNX Softsign.</summary>
public sealed record Softsign() : ActivationLayer(new Activation(ActivationFunction.Softsign));

/// <summary><c>y = x</c> above the threshold, else 0. Shapes: any → the same. Source: ONNX ThresholdedRelu.</summary>
/// <param name="Threshold">Values up to it become 0.</param>
public sealed record ThresholdedRelu(float Threshold = 1) : ActivationLayer(new Activation(ActivationFunction.ThresholdedRelu, Threshold));
