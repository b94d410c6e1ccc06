namespace RealtimeCnn.Layers;

/// <summary>Rows of a row-major tensor that are normalised each for itself.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Length">Elements of a row.</param>
/// <param name="Cycle">Rows after which scales repeat: row r uses the r mod Cycle-th part of them.</param>
/// <param name="Run">Neighbouring elements that share a scale.</param>
/// <param name="Epsilon">Added to the variance.</param>
internal readonly record struct NormalizedRows(int Rows, int Length, int Cycle, int Run, float Epsilon);
