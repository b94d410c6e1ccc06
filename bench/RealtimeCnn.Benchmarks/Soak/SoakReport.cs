using System.Globalization;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>What a run of <see cref="LiveSoak"/> found.</summary>
/// <param name="Samples">The process at the end of each round.</param>
/// <param name="Networks">What became of the pictures of each network.</param>
/// <param name="QuietTurns">Turns in which nothing happened but pictures.</param>
/// <param name="BytesPerPicture">Managed bytes that the host's thread allocated in those, in the round with the least: pools grow with the most pictures that were ever held.</param>
/// <param name="BlockingCalls">Calls in those that waited for the GPU.</param>
internal sealed record SoakReport(IReadOnlyList<Footprint> Samples, IReadOnlyList<SoakReport.Network> Networks, long QuietTurns, double BytesPerPicture, long BlockingCalls)
{
    // A picture that two networks share costs a small object (SharedSource), and nothing else costs any.
    private const double BytesOfALease = 128;

    /// <param name="Name">Of the model.</param>
    /// <param name="Milliseconds">From a picture's being taken to its result in the host's hands, ascending, in quiet times.</param>
    internal sealed record Network(string Name, IReadOnlyList<double> Milliseconds)
    {
        /// <summary>The smallest time that a part of all results stayed within; not a number without results.</summary>
        public double Quantile(double part) => Milliseconds.Count == 0 ? double.NaN : Milliseconds[Math.Max((int)Math.Ceiling(part * Milliseconds.Count) - 1, 0)];
    }

    /// <summary>What is wrong, in words; none where nothing is.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. Footprint.Growth(Samples),
        .. Networks.Where(network => network.Milliseconds.Count == 0).Select(network => $"{network.Name} gave no result"),
        .. BytesPerPicture <= BytesOfALease ? Array.Empty<string>() : [string.Create(CultureInfo.InvariantCulture, $"{BytesPerPicture:0} bytes were allocated for each picture in quiet turns")],
        .. BlockingCalls == 0 ? Array.Empty<string>() : [$"{BlockingCalls} calls waited for the GPU in {QuietTurns} quiet turns"],
    ];
}
