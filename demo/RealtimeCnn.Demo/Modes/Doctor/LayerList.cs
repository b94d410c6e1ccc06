using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>All layers of a diagnosis, one below the other: whether they agree, how far they are apart, and how long both sides take.</summary>
internal sealed class LayerList
{
    private const float Row = 26, Chip = 6, Sign = 16, ErrorWidth = 72, LayerWidth = 146, TimeWidth = 86, LeastName = 60;
    private Area _rows;
    private int _count, _first, _selected = -1, _over = -1;

    /// <summary>The layer under the mouse, or else the one that was chosen last; −1 for none.</summary>
    public int Chosen => _over >= 0 ? _over : _selected;

    /// <summary>Takes another diagnosis: the worst layer first.</summary>
    public void Show(Diagnosis found) => (_count, _first, _over, _selected) = (found.Layers.Count, 0, -1, found.FirstBad >= 0 ? found.FirstBad : found.Worst);

    /// <summary>Shows nothing.</summary>
    public void Clear() => (_count, _over, _selected) = (0, -1, -1);

    /// <summary>Chooses a neighbour.</summary>
    public void Move(int step)
    {
        if (_count == 0)
            return;
        _selected = Math.Clamp(_selected + step, 0, _count - 1);
        _over = -1;
        _first = Math.Clamp(_first, _selected - Math.Max(Visible - 1, 0), _selected);
    }

    /// <summary>Where the row of a layer was drawn last; of no size where it has no room.</summary>
    public Area RowOf(int layer) => layer >= _first && layer < Math.Min(_first + Visible, _count) ? _rows.Top(Row - 2) with { Y = _rows.Y + ((layer - _first) * Row) } : default;

    /// <summary>Handles the mouse.</summary>
    public bool Point(in PointerEvent used)
    {
        if (used.Action == PointerAction.Scrolled && _rows.Contains(used.X, used.Y))
        {
            _first = Math.Clamp(_first - (int)Math.Round(used.Wheel * 3), 0, Math.Max(_count - Visible, 0));
            return true;
        }

        if (used is not { Action: PointerAction.Pressed, Button: PointerButton.Left })
            return false;
        for (int i = 0; i < _count; i++)
        {
            if (!RowOf(i).Contains(used.X, used.Y))
                continue;
            _selected = i;
            return true;
        }

        return false;
    }

    /// <summary>Draws as many as there is room for.</summary>
    public void Draw(Canvas canvas, Diagnosis found, Area where, Surroundings around)
    {
        _rows = where.Below(Row);
        var columns = new Columns(where);
        Right(canvas, "error", columns.Error, where.Y, Theme.Muted);
        if (columns.HasTimes)
        {
            Right(canvas, found.ExpectedTitle, columns.Expected, where.Y, Theme.Muted);
            Right(canvas, found.ActualTitle, columns.Actual, where.Y, Theme.Muted);
        }

        canvas.Text("layer", columns.Name.X, where.Y, Theme.SmallLine, Theme.Muted);
        around.Explain(where.Top(Row), "The relative error of each layer with all before it, and how long it takes on both sides; a dot where it is computed with the next.");
        _over = -1;
        for (int i = _first; i < Math.Min(_first + Visible, _count); i++)
        {
            if (around.IsOver(RowOf(i)))
                _over = i;
        }

        for (int i = _first; i < Math.Min(_first + Visible, _count); i++)
            Draw(canvas, found.Layers[i], RowOf(i), columns, i == Chosen);
    }

    private int Visible => Math.Max((int)(_rows.Height / Row), 0);

    private static void Draw(Canvas canvas, LayerFinding layer, Area row, in Columns columns, bool isChosen)
    {
        var color = ErrorScale.Of(layer.Ratio);
        if (isChosen)
            canvas.Fill(row, Theme.Raised, 4);
        canvas.Fill(row with { Width = Chip }, color, 2);
        float y = row.Y + ((row.Height - Theme.SmallLine) / 2);
        canvas.Text(layer.IsRight ? "✓" : "×", row.X + Chip + 5, y, Theme.SmallLine, layer.IsRight ? Theme.Muted : ErrorScale.Bad);
        Panels.Line(canvas, layer.Node.Name, columns.Name.X, y, Theme.SmallLine, columns.Name.Width, layer.IsRight ? Theme.Text : ErrorScale.Bad);
        if (columns.Layer.Width > 0)
            Panels.Line(canvas, layer.Node.Layer, columns.Layer.X, y, Theme.SmallLine, columns.Layer.Width, Theme.Muted);
        var bar = columns.Error with { Y = row.Bottom - 4, Height = 3 };
        canvas.Fill(bar with { Width = Math.Max(bar.Width * ErrorScale.PartOf(layer.Ratio), 2) }, color, 1.5f);
        Right(canvas, layer.Error, columns.Error, y - 2, color);
        if (!columns.HasTimes || layer.Times is not var (expected, actual))
            return;
        Right(canvas, expected.Short, columns.Expected, y, Theme.Muted);
        Right(canvas, actual.Short, columns.Actual, y, Theme.Text);
    }

    private static void Right(Canvas canvas, string text, Area column, float y, Color color) =>
        canvas.Text(text, column.Right - Canvas.TextWidth(text.Length, Theme.SmallLine), y, Theme.SmallLine, color);

    /// <summary>What finds room beside the name and the error: times first, then the kind of the layer.</summary>
    private readonly struct Columns
    {
        public Columns(Area row)
        {
            float left = row.X + Chip + 5 + Sign, right = row.Right - 4;
            HasTimes = right - left > LeastName + ErrorWidth + (2 * TimeWidth);
            if (HasTimes)
            {
                Actual = row with { X = right - TimeWidth, Width = TimeWidth };
                Expected = row with { X = right - (2 * TimeWidth), Width = TimeWidth };
                right -= 2 * TimeWidth;
            }

            Error = row with { X = right - ErrorWidth, Width = ErrorWidth };
            float room = right - ErrorWidth - 8 - left, name = room > 260 ? room - LayerWidth : room;
            Name = row with { X = left, Width = name - 8 };
            Layer = row with { X = left + name, Width = room - name };
        }

        public bool HasTimes { get; }

        public Area Name { get; }

        public Area Layer { get; }

        public Area Error { get; }

        public Area Expected { get; }

        public Area Actual { get; }
    }
}
