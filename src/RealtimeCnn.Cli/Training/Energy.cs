using System.Globalization;

namespace RealtimeCnn.Cli.Training;

/// <summary>
/// An estimate of the electrical energy of a training: seconds of busy processor times the power of one of its cores. It is no
/// measurement: memory, the rest of the machine and the cooling of a data centre are not in it.
/// </summary>
/// <remarks>
/// Source of the formula and of 12 W, for a core of a processor that is not known: Lannelongue, Grealey and Inouye 2021, "Green
/// Algorithms: Quantifying the carbon footprint of computation", doi:10.1002/advs.202100707.
/// </remarks>
internal static class Energy
{
    public const double WattsOfCore = 12;

    private const double SecondsOfHour = 3600;

    /// <summary>The estimate in words.</summary>
    /// <param name="cpuSeconds">Seconds of busy processor, all cores together.</param>
    public static string Describe(double cpuSeconds) => string.Create(
        CultureInfo.InvariantCulture, $"{cpuSeconds:0.0} CPU-seconds, about {cpuSeconds * WattsOfCore / SecondsOfHour:0.###} Wh at {WattsOfCore:0} W a core");
}
