namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>What a picture goes through that is shifted before or after.</summary>
internal enum ShiftedStep
{
    /// <summary>A convolution, whose window stops at each pixel.</summary>
    Convolution,

    /// <summary>A convolution whose window stops at every other pixel.</summary>
    Stride2,

    /// <summary>A convolution, and the maximum of each 2×2 of its values.</summary>
    MaxPool2,
}
