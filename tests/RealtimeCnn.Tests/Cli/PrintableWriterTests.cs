using RealtimeCnn.Cli;

namespace RealtimeCnn.Tests.Cli;

public sealed class PrintableWriterTests
{
    private const string Hostile = "a\u001b[31mb\u202Ec\u0085d", Harmless = "a�[31mb�c�d";

    [Fact]
    public void What_would_command_a_terminal_is_replaced_however_it_is_written()
    {
        using var text = new StringWriter { NewLine = "\n" };
        using var writer = new PrintableWriter(text);
        writer.Write(Hostile);
        writer.Write(Hostile.ToCharArray());
        writer.Write(Hostile.AsSpan());
        foreach (char character in Hostile)
            writer.Write(character);
        writer.WriteLine(Hostile);
        Assert.Equal(string.Concat(Enumerable.Repeat(Harmless, 5)) + "\n", text.ToString());
    }

    [Fact]
    public void Text_of_any_language_with_its_lines_and_tabs_stays_as_it_is()
    {
        const string Text = "größer\t猫 🐈\r\nпёс";
        using var text = new StringWriter();
        using var writer = new PrintableWriter(text);
        writer.Write(Text);
        Assert.Equal(Text, text.ToString());
    }
}
