using System.Globalization;

namespace RealtimeCnn.Heads;

/// <summary>Numbers with commas between, as files say them.</summary>
public static class NumberList
{
    /// <summary>The numbers; null where one of them is none, or is not finite.</summary>
    /// <param name="text">Such as <c>0.5,1</c>; spaces around numbers count nothing.</param>
    public static float[]? Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        float[] numbers = new float[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]))
                return null;
        }

        return numbers;
    }

    /// <summary>A text that is read as the same numbers, to the bit.</summary>
    /// <param name="numbers">The numbers.</param>
    public static string Format(IEnumerable<float> numbers) => string.Join(',', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
