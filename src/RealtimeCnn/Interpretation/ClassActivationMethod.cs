namespace RealtimeCnn.Interpretation;

/// <summary>How <see cref="ClassActivation"/> weighs feature maps.</summary>
public enum ClassActivationMethod
{
    /// <summary>By the weights of the linear layer behind the mean of each map; for networks that end so. Of both signs.</summary>
    Cam,

    /// <summary>By the mean of the score's gradient over each map; for any classifier. What speaks against the class is left out.</summary>
    GradCam,
}
