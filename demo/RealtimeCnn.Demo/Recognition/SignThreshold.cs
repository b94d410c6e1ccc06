namespace RealtimeCnn.Demo.Recognition;

/// <summary>When an answer is believed.</summary>
internal static class SignThreshold
{
    /// <summary>Probability that it must exceed: more likely than not.</summary>
    public const float Least = 0.5f;
}
