using System.Text;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Demo.Modes.Teach;

/// <summary>The name of a class while it is typed. It begins with the old one chosen as a whole: the first letter takes its place, Backspace goes on from it.</summary>
internal sealed class NameField
{
    /// <summary>Most letters of a name.</summary>
    public const int MostLetters = 24;

    private readonly StringBuilder _text = new();
    private bool _isWhole;

    /// <summary>Whose name is typed; −1 for nobody's.</summary>
    public int Class { get; private set; } = -1;

    /// <summary>What is typed so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Begins to rename a class.</summary>
    public void Begin(int label, string name)
    {
        (Class, _isWhole) = (label, true);
        _text.Clear().Append(name);
    }

    /// <summary>Goes away; what was typed is forgotten.</summary>
    public void End() => Class = -1;

    /// <summary>A letter was typed.</summary>
    /// <returns>Why it is not taken, in a sentence; null where it is.</returns>
    public string? Type(Rune letter)
    {
        if (letter.Value is < ' ' or > '~')
            return Rune.IsControl(letter) ? null : $"'{letter}' cannot be drawn here: names have letters, digits and signs from space to ~.";
        if (_isWhole)
            _text.Clear();
        _isWhole = false;
        if (_text.Length == MostLetters)
            return $"A name has at most {MostLetters} letters.";
        _text.Append((char)letter.Value);
        return null;
    }

    /// <summary>The last letter goes.</summary>
    public void Erase()
    {
        _isWhole = false;
        _text.Length = Math.Max(_text.Length - 1, 0);
    }

    /// <summary>Gives the class its name, and goes away where that is possible.</summary>
    /// <returns>Why it is not, in a sentence; null where it was.</returns>
    public string? Take(TaughtClasses classes)
    {
        string name = Text.Trim();
        int other = Enumerable.Range(0, classes.Names.Count).FirstOrDefault(label => label != Class && classes.Names[label] == name, -1);
        if (name.Length == 0)
            return "A class needs a name: type one, or Escape leaves the old one.";
        if (other >= 0)
            return $"'{name}' is the name of {(other == TaughtNetwork.Nothing ? 'N' : (char)('0' + other))} already: type another.";
        classes.Rename(Class, name);
        End();
        return null;
    }

    /// <summary>Draws what is typed, and where the next letter comes.</summary>
    public void Draw(Canvas canvas, Area where)
    {
        float step = Canvas.TextWidth(1, Theme.SmallLine), y = where.Y + ((where.Height - Theme.SmallLine) / 2);
        canvas.Fill(where, Theme.Background, 4);
        canvas.Outline(where, Theme.Accent, 1.5f, 4);
        int shown = Math.Clamp((int)((where.Width - 12) / step), 0, _text.Length);
        Span<char> end = stackalloc char[MostLetters + 1];
        shown = Math.Min(shown, end.Length);
        _text.CopyTo(_text.Length - shown, end, shown);
        float x = where.X + 5, width = Canvas.TextWidth(shown, Theme.SmallLine);
        if (_isWhole && shown > 0)
            canvas.Fill(new Area(x - 1, y, width + 2, Theme.SmallLine), Theme.Cool.WithOpacity(0.5f), 2);
        canvas.Text(end[..shown], x, y, Theme.SmallLine, Theme.Text);
        canvas.Fill(new Area(x + width + 1, y + 1, 1.5f, Theme.SmallLine - 2), Theme.Accent);
    }
}
