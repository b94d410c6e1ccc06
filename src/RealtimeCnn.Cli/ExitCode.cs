namespace RealtimeCnn.Cli;

/// <summary>What <c>rtcnn</c> tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All well.</summary>
    public const int Fine = 0;

    /// <summary>The command ran, and something it checked does not hold.</summary>
    public const int CheckFailed = 1;

    /// <summary>Wrong usage, or input that cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>The user ended the command (Ctrl+C): 128 and the number of the signal, as shells have it.</summary>
    public const int Cancelled = 130;
}
