namespace RealtimeCnn.Layers;

/// <summary><c>y = a + b</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Add, Sum.</summary>
public sealed record Add() : BinaryLayer(BinaryFunction.Add);

/// <summary><c>y = a − b</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Sub.</summary>
public sealed record Subtract() : BinaryLayer(BinaryFunction.Subtract);

/// <summary><c>y = a · b</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Mul.</summary>
public sealed record Multiply() : BinaryLayer(BinaryFunction.Multiply);

/// <summary><c>y = a / b</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Div.</summary>
public sealed record Divide() : BinaryLayer(BinaryFunction.Divide);

/// <summary><c>y = a^b</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Pow.</summary>
public sealed record Pow() : BinaryLayer(BinaryFunction.Power);

/// <summary><c>y = min(a, b)</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Min; NaN wins.</summary>
public sealed record Min() : BinaryLayer(BinaryFunction.Minimum);

/// <summary><c>y = max(a, b)</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Max; NaN wins.</summary>
public sealed record Max() : BinaryLayer(BinaryFunction.Maximum);

/// <summary><c>y = a − b·floor(a / b)</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Mod with fmod = 0.</summary>
public sealed record Remainder() : BinaryLayer(BinaryFunction.Remainder);

/// <summary><c>y = a − b·trunc(a / b)</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Mod with fmod = 1.</summary>
public sealed record TruncatedRemainder() : BinaryLayer(BinaryFunction.TruncatedRemainder);

/// <summary><c>y = 1 where a = b, else 0</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Equal.</summary>
public sealed record Equal() : BinaryLayer(BinaryFunction.Equal);

/// <summary><c>y = 1 where a &gt; b, else 0</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Greater.</summary>
public sealed record Greater() : BinaryLayer(BinaryFunction.Greater);

/// <summary><c>y = 1 where a ≥ b, else 0</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX GreaterOrEqual.</summary>
public sealed record GreaterOrEqual() : BinaryLayer(BinaryFunction.GreaterOrEqual);

/// <summary><c>y = 1 where a &lt; b, else 0</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Less.</summary>
public sealed record Less() : BinaryLayer(BinaryFunction.Less);

/// <summary><c>y = 1 where a ≤ b, else 0</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX LessOrEqual.</summary>
public sealed record LessOrEqual() : BinaryLayer(BinaryFunction.LessOrEqual);

/// <summary><c>y = 1 where both are not 0, else 0</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX And.</summary>
public sealed record LogicalAnd() : BinaryLayer(BinaryFunction.And);

/// <summary><c>y = 1 where one is not 0, else 0</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Or.</summary>
public sealed record LogicalOr() : BinaryLayer(BinaryFunction.Or);

/// <summary><c>y = 1 where exactly one is not 0, else 0</c>, with broadcasting. Shapes: a, b → their common shape. Source: ONNX Xor.</summary>
public sealed record LogicalXor() : BinaryLayer(BinaryFunction.Xor);
