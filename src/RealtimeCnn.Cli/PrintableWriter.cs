using System.Globalization;
using System.Text;

namespace RealtimeCnn.Cli;

/// <summary>
/// Text for a terminal. Names come from files that anyone may have written: characters that would command the terminal or turn
/// the direction of text are written as �.
/// </summary>
/// <param name="inner">Gets the text; stays the caller's.</param>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter(CultureInfo.InvariantCulture)
{
    private const char Replacement = '\uFFFD';

    /// <summary>What gets the text, for who writes nothing that comes from files, and commands the terminal.</summary>
    public TextWriter Inner => inner;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(IsPrintable(value) ? value : Replacement);

    public override void Write(ReadOnlySpan<char> buffer)
    {
        foreach (char character in buffer)
        {
            if (!IsPrintable(character))
            {
                inner.Write(string.Create(buffer.Length, buffer, (text, from) =>
                {
                    for (int i = 0; i < text.Length; i++)
                        text[i] = IsPrintable(from[i]) ? from[i] : Replacement;
                }));
                return;
            }
        }

        inner.Write(buffer);
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void WriteLine(string? value)
    {
        Write(value.AsSpan());
        inner.WriteLine();
    }

    public override void Flush() => inner.Flush();

    // Directional formatting characters are Format; line ends and tabs are what text is made of.
    private static bool IsPrintable(char character) =>
        character is '\n' or '\r' or '\t' || CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format);
}
