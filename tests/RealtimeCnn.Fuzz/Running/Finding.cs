namespace RealtimeCnn.Fuzz.Running;

/// <summary>What went wrong.</summary>
internal enum FindingKind
{
    /// <summary>The process ended: a stray access, an exhausted stack, an abort.</summary>
    Crash,

    /// <summary>More than ten seconds of processor time, or three minutes of the clock.</summary>
    Hang,

    /// <summary>More than a gigabyte beyond what the process had before.</summary>
    Memory,

    /// <summary>An exception of a type that is not promised.</summary>
    Exception,

    /// <summary>Native memory that nobody freed.</summary>
    Leak,

    /// <summary>A valid file that is refused as a wrong one.</summary>
    Refused,

    /// <summary>A refusal in the words of the runtime, or in none.</summary>
    Unclear,

    /// <summary>The network with fused layers computes something else than the one without.</summary>
    Fusion,

    /// <summary>The CPU computes something else than the definition.</summary>
    Cpu,

    /// <summary>The GPU computes something else than the CPU.</summary>
    Gpu,
}

/// <summary>One thing that went wrong.</summary>
/// <param name="Seed">Seed of the case.</param>
/// <param name="Kind">What.</param>
/// <param name="Case">What the file is.</param>
/// <param name="Text">What was seen, on one line.</param>
internal sealed record Finding(int Seed, FindingKind Kind, string Case, string Text);
