namespace RealtimeCnn;

/// <summary>
/// What lies in a GPU's memory as halves (IEEE 754 half precision, 2 bytes) instead of floats, of which half as many bytes have to be
/// read and written. Sums stay float32. Tolerances: docs/numerics.md.
/// </summary>
public enum HalfStorage
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Weights of convolutions and linear layers: each is rounded by 2^−11 of its size at most.</summary>
    Weights,

    /// <summary>
    /// Weights, and the values between layers, where kernels have both forms; other layers get floats, at the cost of a copy. Values
    /// beyond 65,504 become infinite. Inputs and outputs of the network stay floats.
    /// </summary>
    All,
}
