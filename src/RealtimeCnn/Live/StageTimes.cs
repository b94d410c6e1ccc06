namespace RealtimeCnn.Live;

/// <summary>Where the time of one result went, in milliseconds; 0 for a stage that it did not have.</summary>
/// <param name="Wait">From the moment the picture was taken until it was submitted.</param>
/// <param name="Upload">Bringing its bytes to where the pipeline reads them.</param>
/// <param name="Preprocess">Making the network's input of it; 0 where the network reads frames, as those on the CPU do.</param>
/// <param name="Network">The network; of one that runs in parts on both backends, all parts with the ways between them.</param>
/// <param name="Readback">From the last command until the result was picked up.</param>
public readonly record struct StageTimes(double Wait, double Upload, double Preprocess, double Network, double Readback);
