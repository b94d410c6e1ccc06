namespace RealtimeCnn.Demo.Modes.Why;

/// <summary>How it is found out where a network sees a class.</summary>
internal enum WhyMethod
{
    /// <summary>Feature maps weighed by the last linear layer.</summary>
    Cam,

    /// <summary>Feature maps weighed by gradients.</summary>
    GradCam,

    /// <summary>A patch slides over the picture.</summary>
    Occlusion,

    /// <summary>What a detector of centres says itself of each place.</summary>
    Heat,
}
