namespace RealtimeCnn.SelfTests;

/// <summary>What becomes of a case in an ONNX file; docs/onnx.md says why.</summary>
internal enum OnnxForm
{
    /// <summary>Operators that compute the same.</summary>
    Same,

    /// <summary>Operators that compute the same of finite numbers, and spread a NaN further.</summary>
    SameOfNumbers,

    /// <summary>No operators stand for it: writing it is an error that names the node.</summary>
    None,
}
