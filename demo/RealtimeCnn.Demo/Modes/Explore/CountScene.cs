using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>Layers added and taken away: what each costs in parameters and multiply-accumulates, and how far it sees.</summary>
internal sealed class CountScene : ExploreScene
{
    private const float LeftShare = 0.36f, Row = 40, ShapeWidth = 130, SeenWidth = 84, NumberWidth = 66, TitleWidth = 200;
    private static readonly int[] Widths = [8, 16, 32, 64];
    private readonly ButtonRow _adding, _changing;
    private CountNetwork _network = new([new(BlockKind.Convolution, 16), new(BlockKind.Pool, 16), new(BlockKind.Convolution, 32), new(BlockKind.Pool, 32), new(BlockKind.Convolution, 64)]);
    private int _width = 32;

    public CountScene()
    {
        _adding = new ButtonRow(
            new Button("+ conv (A)", "Adds a convolution of 3×3 over all channels.", () => Add(BlockKind.Convolution)),
            new Button("+ separable (D)", "Adds the same, taken apart: 3×3 over each channel by itself, then 1×1 over all of them.", () => Add(BlockKind.Separable)),
            new Button("+ pool (P)", "Adds a maximum of each 2×2, which costs no weights and quarters what comes after it.", () => Add(BlockKind.Pool)));
        _changing = new ButtonRow(
            new Button("remove (Del)", "Takes the last block away.", Remove),
            new Button("width (W)", "Channels of the last block: 8, 16, 32, 64.", Widen),
            new Button("full / separable (T)", "Makes all full convolutions separable, or all separable ones full.", Twin));
        Keys =
        [
            new("A, D, P", "add a convolution, a separable one, a pooling", [ConsoleKey.A, ConsoleKey.D, ConsoleKey.P], key => Add(key switch { ConsoleKey.A => BlockKind.Convolution, ConsoleKey.D => BlockKind.Separable, _ => BlockKind.Pool })),
            new("Del", "take the last block away", [ConsoleKey.Delete, ConsoleKey.Backspace], _ => Remove()),
            new("W", "channels of the last block", [ConsoleKey.W], _ => Widen()),
            new("T", "all convolutions full, or separable", [ConsoleKey.T], _ => Twin()),
        ];
    }

    public override string Name => "count";

    public override string Purpose => "Add layers, and see what each costs: parameters, multiply-accumulates, and how far its units see.";

    public override ISceneNetwork Network => _network;

    /// <summary>What is counted.</summary>
    public CountNetwork Counted => _network;

    // While the next network is made ready, the one before is drawn.
    public override bool CanDraw(ISceneNetwork? computed) => computed is CountNetwork;

    public override bool Point(in PointerEvent used) => _adding.Point(used) || _changing.Point(used);

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        if (scene.Network is not CountNetwork { Last: { } last } shown)
            return;
        var canvas = scene.Canvas;
        float width = MathF.Round(where.Width * LeftShare);
        var left = where with { Width = width };
        float upper = MathF.Round(left.Height * 0.42f);
        Panels.Source(scene, left.Top(upper), around);
        var maps = left.Below(upper + Theme.Gap);
        canvas.Fill(maps, Theme.Panel, 6);
        LayerMaps.Draw(scene, last, maps.Inset(10), around);
        var right = where with { X = where.X + width + Theme.Gap, Width = where.Width - width - Theme.Gap };
        canvas.Fill(right, Theme.Panel, 6);
        var room = right.Inset(12);
        float y = Notes.Paragraph(canvas, shown.Summary, room, Theme.Accent) + 8;
        Table(canvas, shown, room.Below(y - room.Y), around);
        float buttons = (2 * ButtonRow.Height) + 6, row = Theme.SmallLine + 8;
        Panels.Line(canvas, shown.Comparison, room.X, room.Bottom - buttons - row, Theme.SmallLine, room.Width, Theme.Text);
        _adding.Draw(canvas, new Area(room.X, room.Bottom - buttons, room.Width, ButtonRow.Height), around);
        _changing.Draw(canvas, new Area(room.X, room.Bottom - ButtonRow.Height, room.Width, ButtonRow.Height), around);
    }

    // A row for each block; the longest bar of a column is that of its largest number.
    private static void Table(Canvas canvas, CountNetwork shown, Area room, Surroundings around)
    {
        long mostParameters = 1, mostWork = 1;
        for (int i = 0; i < shown.Costs.Count; i++)
            (mostParameters, mostWork) = (Math.Max(mostParameters, shown.Costs[i].Parameters), Math.Max(mostWork, shown.Costs[i].MultiplyAccumulates));
        bool hasShape = room.Width > TitleWidth + ShapeWidth + SeenWidth + 240, hasSeen = room.Width > TitleWidth + SeenWidth + 160;
        float titles = Math.Min(TitleWidth, room.Width * 0.4f), right = room.Right - (hasSeen ? SeenWidth : 0), shapes = hasShape ? ShapeWidth : 0, bars = (right - room.X - titles - shapes) / 2;
        float y = room.Y;
        Header("block", room.X, titles, "Each block, from the picture on.");
        Header("shape", room.X + titles, shapes, "Channels, height and width of its output.");
        Header("parameters", room.X + titles + shapes, bars, "Weights and biases: what is learned and stored. The picture's size does not matter.");
        Header("MACs", room.X + titles + shapes + bars, bars, "Multiply-accumulates for one picture: what is computed.");
        if (hasSeen)
            Header("sees", right, SeenWidth, "Pixels of the picture that one value of it depends on.");
        y += Theme.SmallLine + 8;
        for (int i = 0; i < shown.Costs.Count; i++, y += Row)
        {
            var cost = shown.Costs[i];
            Panels.Line(canvas, cost.Title, room.X, y, Theme.SmallLine, titles - 6, Theme.Text);
            Panels.Line(canvas, cost.Shape, room.X + titles, y, Theme.SmallLine, shapes, Theme.Muted);
            Bar(cost.ParametersText, (float)cost.Parameters / mostParameters, room.X + titles + shapes, Theme.Cool);
            Bar(cost.WorkText, (float)cost.MultiplyAccumulates / mostWork, room.X + titles + shapes + bars, Theme.Accent);
            if (hasSeen)
                Panels.Line(canvas, cost.SeenText, right, y, Theme.SmallLine, SeenWidth, Theme.Muted);
        }

        void Header(string text, float x, float width, string tip)
        {
            Panels.Line(canvas, text, x, y, Theme.SmallLine, width, Theme.Muted);
            around.Explain(new Area(x, y, width, Theme.SmallLine + 4), tip);
        }

        void Bar(string text, float share, float x, Color color)
        {
            Panels.Line(canvas, text, x, y, Theme.SmallLine, NumberWidth, Theme.Text);
            canvas.Fill(new Area(x, y + Theme.SmallLine + 3, Math.Max((bars - 14) * share, share > 0 ? 3 : 0), 6), color, 3);
        }
    }

    private void Add(BlockKind kind)
    {
        if (_network.Blocks.Count == CountNetwork.MostBlocks || (kind == BlockKind.Pool && !CountNetwork.HasRoomFor(_network.Blocks)))
            return;
        int channels = kind == BlockKind.Pool ? _network.Blocks[^1].Channels : _width;
        _network = new CountNetwork([.. _network.Blocks, new(kind, channels)]);
    }

    private void Remove()
    {
        if (_network.Blocks.Count > 1)
            _network = new CountNetwork([.. _network.Blocks.Take(_network.Blocks.Count - 1)]);
    }

    // Of a pooling, the channels are those before it.
    private void Widen()
    {
        _width = Widths[(Array.IndexOf(Widths, _width) + 1) % Widths.Length];
        if (_network.Blocks[^1].Kind != BlockKind.Pool)
            _network = new CountNetwork([.. _network.Blocks.Take(_network.Blocks.Count - 1), _network.Blocks[^1] with { Channels = _width }]);
    }

    private void Twin()
    {
        var kind = _network.Blocks.Any(block => block.Kind == BlockKind.Convolution) ? BlockKind.Separable : BlockKind.Convolution;
        _network = new CountNetwork([.. _network.Blocks.Select(block => block.Kind == BlockKind.Pool ? block : block with { Kind = kind })]);
    }
}
