namespace RealtimeCnn.Layers;

/// <summary><c>y = e^x</c>, for each element. Shapes: any → the same. Source: ONNX Exp.</summary>
public sealed record Exp() : UnaryLayer(UnaryFunction.Exp);

/// <summary><c>y = ln(x)</c>, for each element. Shapes: any → the same. Source: ONNX Log.</summary>
public sealed record Log() : UnaryLayer(UnaryFunction.Log);

/// <summary><c>y = √x</c>, for each element. Shapes: any → the same. Source: ONNX Sqrt.</summary>
public sealed record Sqrt() : UnaryLayer(UnaryFunction.Sqrt);

/// <summary><c>y = x²</c>, for each element. Shapes: any → the same. Source: ONNX Mul of a tensor with itself.</summary>
public sealed record Square() : UnaryLayer(UnaryFunction.Square);

/// <summary><c>y = |x|</c>, for each element. Shapes: any → the same. Source: ONNX Abs.</summary>
public sealed record Abs() : UnaryLayer(UnaryFunction.Abs);

/// <summary><c>y = −x</c>, for each element. Shapes: any → the same. Source: ONNX Neg.</summary>
public sealed record Neg() : UnaryLayer(UnaryFunction.Neg);

/// <summary><c>y = 1 / x</c>, for each element. Shapes: any → the same. Source: ONNX Reciprocal.</summary>
public sealed record Reciprocal() : UnaryLayer(UnaryFunction.Reciprocal);

/// <summary><c>y = the largest integer up to x</c>, for each element. Shapes: any → the same. Source: ONNX Floor.</summary>
public sealed record Floor() : UnaryLayer(UnaryFunction.Floor);

/// <summary><c>y = the smallest integer from x on</c>, for each element. Shapes: any → the same. Source: ONNX Ceil.</summary>
public sealed record Ceil() : UnaryLayer(UnaryFunction.Ceil);

/// <summary><c>y = the nearest integer, halves to the even one</c>, for each element. Shapes: any → the same. Source: ONNX Round.</summary>
public sealed record Round() : UnaryLayer(UnaryFunction.Round);

/// <summary><c>y = −1, 0 or 1</c>, for each element. Shapes: any → the same. Source: ONNX Sign.</summary>
public sealed record Sign() : UnaryLayer(UnaryFunction.Sign);

/// <summary><c>y = 2/√π·∫₀ˣ e^−t² dt</c>, for each element. Shapes: any → the same. Source: ONNX Erf.</summary>
public sealed record Erf() : UnaryLayer(UnaryFunction.Erf);

/// <summary><c>y = sin(x)</c>, for each element. Shapes: any → the same. Source: ONNX Sin.</summary>
public sealed record Sin() : UnaryLayer(UnaryFunction.Sin);

/// <summary><c>y = cos(x)</c>, for each element. Shapes: any → the same. Source: ONNX Cos.</summary>
public sealed record Cos() : UnaryLayer(UnaryFunction.Cos);

/// <summary><c>y = tan(x)</c>, for each element. Shapes: any → the same. Source: ONNX Tan.</summary>
public sealed record Tan() : UnaryLayer(UnaryFunction.Tan);

/// <summary><c>y = arcsin(x)</c>, for each element. Shapes: any → the same. Source: ONNX Asin.</summary>
public sealed record Asin() : UnaryLayer(UnaryFunction.Asin);

/// <summary><c>y = arccos(x)</c>, for each element. Shapes: any → the same. Source: ONNX Acos.</summary>
public sealed record Acos() : UnaryLayer(UnaryFunction.Acos);

/// <summary><c>y = arctan(x)</c>, for each element. Shapes: any → the same. Source: ONNX Atan.</summary>
public sealed record Atan() : UnaryLayer(UnaryFunction.Atan);

/// <summary><c>y = sinh(x)</c>, for each element. Shapes: any → the same. Source: ONNX Sinh.</summary>
public sealed record Sinh() : UnaryLayer(UnaryFunction.Sinh);

/// <summary><c>y = cosh(x)</c>, for each element. Shapes: any → the same. Source: ONNX Cosh.</summary>
public sealed record Cosh() : UnaryLayer(UnaryFunction.Cosh);

/// <summary><c>y = arsinh(x)</c>, for each element. Shapes: any → the same. Source: ONNX Asinh.</summary>
public sealed record Asinh() : UnaryLayer(UnaryFunction.Asinh);

/// <summary><c>y = arcosh(x)</c>, for each element. Shapes: any → the same. Source: ONNX Acosh.</summary>
public sealed record Acosh() : UnaryLayer(UnaryFunction.Acosh);

/// <summary><c>y = artanh(x)</c>, for each element. Shapes: any → the same. Source: ONNX Atanh.</summary>
public sealed record Atanh() : UnaryLayer(UnaryFunction.Atanh);

/// <summary><c>y = 1 where x is 0, else 0</c>, for each element. Shapes: any → the same. Source: ONNX Not.</summary>
public sealed record LogicalNot() : UnaryLayer(UnaryFunction.Not);

/// <summary><c>y = 1 where x is not a number, else 0</c>, for each element. Shapes: any → the same. Source: ONNX IsNaN.</summary>
public sealed record IsNaN() : UnaryLayer(UnaryFunction.IsNaN);

/// <summary><c>y = 1 where x is +∞ or −∞, else 0</c>, for each element. Shapes: any → the same. Source: ONNX IsInf.</summary>
public sealed record IsInfinity() : UnaryLayer(UnaryFunction.IsInfinity);
