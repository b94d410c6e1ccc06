using System.Text;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>Text of a file as people may see it: without control characters, which terminals obey, and not endless.</summary>
internal static class Printable
{
    /// <summary>The text with <c>\u001B</c> and the like for control characters other than ends of lines, cut where it is too long.</summary>
    public static string Text(string text, int most)
    {
        int shown = Math.Min(text.Length, most);
        var clean = new StringBuilder(shown);
        foreach (char c in text.AsSpan(0, shown))
        {
            if (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
                clean.Append($"\\u{(int)c:X4}");
            else
                clean.Append(c);
        }

        return shown == text.Length ? clean.ToString() : clean.Append($"… ({text.Length - shown} more characters)").ToString();
    }

    /// <summary>Whether UTF-8 text has control characters.</summary>
    public static bool HasControls(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is < 0x20 or 0x7F || (text[i] == 0xC2 && i + 1 < text.Length && text[i + 1] < 0xA0))
                return true;
        }

        return false;
    }
}
