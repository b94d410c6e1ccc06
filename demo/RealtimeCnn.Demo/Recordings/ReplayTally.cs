using System.Globalization;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>Compares results with recorded ones, and says how many are the same.</summary>
/// <param name="isExact">Whether only what is equal to the last bit is the same: the CPU path, on vectors of the same width.</param>
internal sealed class ReplayTally(bool isExact)
{
    /// <summary>How far a value may be off where another device computed it: this part of the output's largest value, or this where that is below 1.</summary>
    public const double Tolerance = 1e-4;

    private double _largest;
    private long _compared, _equal, _different;

    /// <summary>What is different, where it was first seen; null while nothing is.</summary>
    public string? FirstDifference { get; private set; }

    /// <summary>Compares a result.</summary>
    /// <param name="picture">Number of the picture in the recording.</param>
    /// <param name="network">Which computed it then.</param>
    /// <param name="recorded">What it said then.</param>
    /// <param name="came">What it says now.</param>
    public void Compare(long picture, string network, ResultValues recorded, ResultValues came)
    {
        _compared++;
        bool isEqual = true;
        string? difference = null;
        for (int i = 0; i < recorded.Count; i++)
        {
            var value = recorded[i];
            string at = $"picture {picture}, network '{network}', {value.Name}";
            if (came.Find(value.Name) is not { } now)
                (isEqual, difference) = (false, difference ?? $"{at}: it was recorded, and there is none now");
            else if (now.Count != value.Count)
                (isEqual, difference) = (false, difference ?? string.Create(CultureInfo.InvariantCulture, $"{at}: {value.Count} elements were recorded, {now.Count} came"));
            else
                Compare(value, now, at, ref isEqual, ref difference);
        }

        _equal += isEqual ? 1 : 0;
        if (difference != null)
            Differs(difference);
    }

    /// <summary>A recorded result that nothing can be compared with, though its picture was computed.</summary>
    public void Missing(string what)
    {
        _compared++;
        Differs(what);
    }

    /// <summary>The outcome, in a line.</summary>
    public string Summary()
    {
        string results = string.Create(CultureInfo.InvariantCulture, $"{_compared} {(_compared == 1 ? "result" : "results")}");
        return _different > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{results}, {_different} different; first {FirstDifference}.")
            : isExact || _equal == _compared
                ? string.Create(CultureInfo.InvariantCulture, $"{results}, {_equal} equal bit for bit.")
                : string.Create(CultureInfo.InvariantCulture, $"{results} within {Tolerance:0.######} (largest difference {_largest:0.#e+0}), {_equal} equal bit for bit.");
    }

    private void Compare(RecordedValue recorded, RecordedValue came, string at, ref bool isEqual, ref string? difference)
    {
        double scale = 1;
        foreach (float element in recorded.Kept)
            scale = Math.Max(scale, float.IsFinite(element) ? Math.Abs(element) : 0);
        bool sameKept = true;
        for (int i = 0; i < recorded.Kept.Length; i++)
        {
            var (then, now) = (recorded.Kept[i], came.Kept[i]);
            if (BitConverter.SingleToInt32Bits(then) == BitConverter.SingleToInt32Bits(now))
                continue;
            sameKept = false;
            double off = Math.Abs((double)then - now) / scale;
            // What is no number is near none.
            bool isNear = off <= Tolerance || then == now;
            if (isNear)
                _largest = Math.Max(_largest, double.IsNaN(off) ? 0 : off);
            if (isExact || !isNear)
                difference ??= string.Create(CultureInfo.InvariantCulture, $"{at}, element {i * recorded.Step}: {then} was recorded, {now} came");
        }

        if (sameKept && recorded.Hash == came.Hash)
            return;
        isEqual = false;
        if (isExact)
            difference ??= $"{at}: its hash is {recorded.Hash:x16} in the recording and {came.Hash:x16} now, though the elements that are kept are equal";
    }

    private void Differs(string what)
    {
        _different++;
        FirstDifference ??= what;
    }
}
