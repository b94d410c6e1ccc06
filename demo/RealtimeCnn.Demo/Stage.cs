namespace RealtimeCnn.Demo;

/// <summary>What happens to a frame, in order; the names in the stats and on the screen.</summary>
internal enum Stage
{
    /// <summary>The demo waits for the source to have a frame.</summary>
    Wait,

    /// <summary>The source reads and decodes it.</summary>
    Decode,

    /// <summary>It goes up to the GPU.</summary>
    Upload,

    /// <summary>It is resized and normalised into the network's input.</summary>
    Preprocess,

    /// <summary>The network runs.</summary>
    Network,

    /// <summary>What the CPU wants to know of the result comes back.</summary>
    Readback,

    /// <summary>The screen is drawn.</summary>
    Draw,

    /// <summary>What was drawn comes onto the screen, which waits for the monitor.</summary>
    Present,

    /// <summary>What is left of the frame's time: what no stage above measures.</summary>
    Other,

    /// <summary>All of it: from one frame shown to the next.</summary>
    Frame,

    /// <summary>Of what is shown: from the moment it was taken until it was drawn, with all that lies between.</summary>
    Age,
}
