using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>Every layer of the running network as a wall of maps, from all of them to one; channels can be muted and amplified, and are studied beside the frames.</summary>
internal sealed class WallMode : Mode, IDisposable
{
    private const float SideWidth = 368, PictureHeight = 172, ZoomStep = 1.25f, ClickReach = 4;
    private readonly ModelChoice _choice;
    private readonly ChannelStudy _study = new();
    private readonly ChannelPanel _panel;
    private readonly WallCamera _camera = new();
    private readonly Dictionary<ShownModel, ModelWall> _walls = [];
    private readonly Button _solo, _mute, _amplify, _reset;
    private readonly ButtonRow _buttons;
    private LayerPlace[] _places = [];
    private ModelWall? _laidOut;
    private WallNetwork? _drawn;
    private Area _laidOutIn;
    private int _layer, _channel;
    private (float X, float Y)? _pressed;
    private bool _isDragged;
    private (int Layer, int Channel, int Row, int Column)? _over;
    private (int Layer, int Row, int Column, ReceptiveField Field)? _seen;

    /// <param name="choice">The model that is shown.</param>
    public WallMode(ModelChoice choice)
    {
        (_choice, _panel) = (choice, new ChannelPanel(_study));
        _solo = new Button("solo (S)", "Of this layer, the chosen map alone counts: see what the network still makes of it.", () => Touch((wall, layer) => wall.Solo(layer, _channel)));
        _mute = new Button("mute (U)", "The chosen map counts no more: see what the answer owes to it. A right click does it too.", () => Touch((wall, layer) => wall.Mute(layer, _channel)));
        _amplify = new Button("×2 (A)", "The chosen map counts twice as much, up to eight times.", () => Touch((wall, layer) => wall.Amplify(layer, _channel)));
        _reset = new Button("reset", "All maps count as they were learned (R).", Reset);
        _buttons = new ButtonRow(_solo, _mute, _amplify, _reset);
        Keys =
        [
            new("M", "the next model", [ConsoleKey.M], _ => _choice.Next()),
            new("wheel, + -", "zoom; drag moves the wall", [ConsoleKey.OemPlus, ConsoleKey.Add, ConsoleKey.OemMinus, ConsoleKey.Subtract], Zoom),
            new("Z", "the map large, its layer, the whole wall", [ConsoleKey.Z], _ => ZoomOn()),
            new("arrows, click", "choose a map", [ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow], Move),
            new("L, K", "the next and the previous layer", [ConsoleKey.L, ConsoleKey.K], key => MoveLayer(key == ConsoleKey.L ? 1 : -1)),
            new("S", "solo: the map alone counts in its layer", [ConsoleKey.S], _ => _solo.Do()),
            new("U, right click", "mute the map, or not", [ConsoleKey.U], _ => _mute.Do()),
            new("A", "amplify the map: ×2, ×4, ×8, ×1", [ConsoleKey.A], _ => _amplify.Do()),
            new("R", "reset: nothing is muted or amplified", [ConsoleKey.R], _ => Reset()),
            new("E", "seek what excites the map, or not", [ConsoleKey.E], _ => _study.Climbs = !_study.Climbs),
        ];
    }

    public override string Name => "wall";

    public override string Purpose => "Every map of every layer of the running network: zoom in, mute one, and see the answer change.";

    public override string Hint => "Click a map to study it, turn the wheel to zoom, drag to move. S, U and A change how much a map counts.";

    public override ISceneNetwork Network => Wall.Network;

    public override PictureContent StandIn => _choice.StandIn;

    /// <summary>The model's layers, and what the user did to their channels.</summary>
    public ModelWall Wall
    {
        get
        {
            if (_walls.TryGetValue(_choice.Shown, out var wall))
                return wall;
            return _walls[_choice.Shown] = new ModelWall(_choice.Shown, _study);
        }
    }

    /// <summary>The chosen map.</summary>
    public (int Layer, int Channel) Chosen => (_layer, _channel);

    /// <summary>What part of the wall is seen.</summary>
    public WallCamera Camera => _camera;

    /// <summary>What is learned of the chosen map.</summary>
    public ChannelStudy Study => _study;

    /// <summary>Where the layers lie on the wall.</summary>
    public IReadOnlyList<LayerPlace> Places => _places;

    /// <summary>What the unit under the mouse sees of the network's input; null where the mouse is over no map.</summary>
    public ReceptiveField? UnderMouse => _over != null ? _seen?.Field : null;

    // With other gains the layers are the same.
    public override bool CanDraw(ISceneNetwork? computed) => computed is WallNetwork network && network.Model == _choice.Shown;

    public override void Suit(PictureContent content) => _choice.Suit(content);

    public override string? Drop(IReadOnlyList<string> paths) => _choice.Drop(paths);

    public override bool GoesOnInPause => true;

    public override bool Advance(TimeSpan now)
    {
        if (_drawn is { } drawn && drawn.Model == _choice.Shown && _laidOut?.Model == drawn.Model)
            _study.Choose(drawn, drawn.Layers[_layer], _channel);
        return _study.Advance(now);
    }

    public override void Finish() => _study.Wait();

    public override bool Point(in PointerEvent used)
    {
        if (_buttons.Point(used))
            return true;
        bool isOnWall = _camera.Window.Contains(used.X, used.Y);
        switch (used.Action)
        {
            case PointerAction.Scrolled when isOnWall:
                _camera.ZoomBy(MathF.Pow(ZoomStep, used.Wheel), used.X, used.Y);
                return true;
            case PointerAction.Pressed when isOnWall && used.Button == PointerButton.Right:
                if (At(used.X, used.Y) is { } muted)
                {
                    (_layer, _channel) = (muted.Layer, muted.Channel);
                    _mute.Do();
                }

                return true;
            case PointerAction.Pressed when isOnWall:
                (_pressed, _isDragged) = ((used.X, used.Y), false);
                return true;
            case PointerAction.Moved when _pressed is var (x, y):
                _isDragged |= Math.Abs(used.X - x) + Math.Abs(used.Y - y) > ClickReach;
                if (!_isDragged)
                    return true;
                _camera.Pan(used.X - x, used.Y - y);
                _pressed = (used.X, used.Y);
                return true;
            case PointerAction.Released when _pressed != null && !_isDragged && At(used.X, used.Y) is { } chosen:
                (_layer, _channel, _pressed) = (chosen.Layer, chosen.Channel, null);
                return true;
            case PointerAction.Released or PointerAction.Left:
                _pressed = null;
                return true;
            default:
                return false;
        }
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        if (scene.Network is not WallNetwork shown)
            return;
        var side = where with { X = where.Right - SideWidth, Width = SideWidth };
        var window = where with { Width = side.X - where.X - Theme.Gap };
        Lay(window);
        var wall = Wall;
        var layer = wall.Layers[_layer];
        _drawn = shown;
        _over = around.Pointer is var (x, y) && window.Contains(x, y) && _pressed == null ? At(x, y) : null;
        WallPainter.Draw(scene, wall, _camera, _places, (_layer, _channel), _over, window);
        around.Explain(window, "The maps of all layers. Amber is above 0, blue below it; layers that give nothing below 0 go from night blue to white. Striped: not finite.");

        var picture = Panels.Frame(scene, side.Top(PictureHeight), around.IsMirrored);
        SeenPart.Draw(scene, shown.Model, picture);
        DrawField(scene, shown, picture, around);
        float y0 = PictureHeight + Theme.Gap;
        WallAnswer.Draw(scene, shown.Model, picture, side.Below(y0).Top(WallAnswer.Height), around);
        y0 += WallAnswer.Height + 6;
        (_solo.IsOn, _mute.IsOn, _amplify.IsOn, _reset.IsOn) = (wall.IsSolo(layer, _channel), wall.GainOf(layer, _channel) == 0, wall.GainOf(layer, _channel) > 1, false);
        _buttons.Draw(scene.Canvas, side.Below(y0).Top(ButtonRow.Height), around);
        y0 += ButtonRow.Height + 8;
        _panel.Draw(scene, layer, _channel, wall.GainOf(layer, _channel), side.Below(y0), around);
    }

    public void Dispose()
    {
        _study.Dispose();
        foreach (var wall in _walls.Values)
            wall.Dispose();
    }

    // Of the unit under the mouse; else of the one that the chosen map answers most strongly with.
    private void DrawField(Scene scene, WallNetwork shown, Area picture, Surroundings around)
    {
        around.Explain(picture, "What the network sees. Framed: what the unit under the mouse sees of it; else what the chosen map answers most strongly to.");
        if (shown.Mapping is not { } mapping)
            return;
        ReceptiveField field;
        if (_over is { } over)
        {
            if (_seen is not { } known || (known.Layer, known.Row, known.Column) != (over.Layer, over.Row, over.Column))
                _seen = known = (over.Layer, over.Row, over.Column, FieldOf(Wall.Layers[over.Layer], over.Row, over.Column));
            field = known.Field;
        }
        else if (_study.Found is { } found)
        {
            field = found.Field;
        }
        else
        {
            return;
        }

        var (left, top) = mapping.ToUpright(new(field.Left, field.Top));
        var (right, bottom) = mapping.ToUpright(new(field.Right + 1, field.Bottom + 1));
        float scale = picture.Width / scene.FrameSize.Width;
        double x = around.IsMirrored ? scene.FrameSize.Width - right : left;
        var frame = new Area(picture.X + ((float)x * scale), picture.Y + ((float)top * scale), (float)(right - left) * scale, (float)(bottom - top) * scale);
        scene.Canvas.Clip(picture);
        scene.Canvas.Outline(frame.Inset(-1.5f), Theme.Background.WithOpacity(0.75f), 1.5f);
        scene.Canvas.Outline(frame, _over != null ? Theme.Text : Theme.Cool, 2);
        scene.Canvas.Clip(null);
    }

    private ReceptiveField FieldOf(WallLayer layer, int row, int column) =>
        layer.IsVector ? ReceptiveField.Whole(_choice.Shown.Graph.InputShapes[0]) : _choice.Shown.Graph.ReceptiveField(layer.Node, row, column);

    private void Lay(Area window)
    {
        if (!ReferenceEquals(Wall, _laidOut) || window != _laidOutIn)
            Lay(Wall, window);
    }

    // In another room, or of another model.
    private void Lay(ModelWall wall, Area window)
    {
        if (!ReferenceEquals(wall, _laidOut))
        {
            (_layer, _channel, _seen) = (0, 0, null);
            _camera.Show(window with { X = 0, Y = 0 });
        }

        (_laidOut, _laidOutIn) = (wall, window);
        _places = WallLayout.Of(wall.Layers, window.Width, window.Height);
        // One map fills the window.
        _camera.MostZoom = _places.Max(place => Math.Min(window.Width / place.MapAt(0).Width, window.Height / place.MapAt(0).Height));
        _camera.DrawnIn(window);
    }

    private (int Layer, int Channel, int Row, int Column)? At(float x, float y)
    {
        if (_laidOut == null || !_camera.Window.Contains(x, y))
            return null;
        var (wallX, wallY) = _camera.ToWall(x, y);
        for (int i = 0; i < _places.Length; i++)
        {
            var shape = _laidOut.Layers[i].Shape;
            if (_places[i].ChannelAt(wallX, wallY, shape.Channels) is var channel && channel < 0)
                continue;
            var map = _places[i].MapAt(channel);
            return (i, channel, Math.Clamp((int)((wallY - map.Y) / map.Height * shape.Height), 0, shape.Height - 1), Math.Clamp((int)((wallX - map.X) / map.Width * shape.Width), 0, shape.Width - 1));
        }

        return null;
    }

    private void Touch(Action<ModelWall, WallLayer> change)
    {
        var wall = Wall;
        if (!ReferenceEquals(wall, _laidOut))
            return;
        change(wall, wall.Layers[_layer]);
        IsStale = true;
    }

    public override void Reset()
    {
        Wall.Reset();
        IsStale = true;
    }

    private void Zoom(ConsoleKey key)
    {
        if (_places.Length == 0)
            return;
        var map = _camera.ToCanvas(_places[_layer].MapAt(_channel));
        float factor = key is ConsoleKey.OemPlus or ConsoleKey.Add ? ZoomStep : 1 / ZoomStep;
        _camera.ZoomBy(factor, Math.Clamp(map.X + (map.Width / 2), _camera.Window.X, _camera.Window.Right), Math.Clamp(map.Y + (map.Height / 2), _camera.Window.Y, _camera.Window.Bottom));
    }

    // From the whole wall to the map, from there to its layer, and back.
    private void ZoomOn()
    {
        if (_places.Length == 0)
            return;
        var place = _places[_layer];
        Area[] steps = [_camera.Window with { X = 0, Y = 0 }, place.MapAt(_channel), place.Panel];
        var shown = new WallCamera { MostZoom = _camera.MostZoom };
        shown.DrawnIn(_camera.Window);
        int now = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            shown.Show(steps[i]);
            if (MathF.Abs((shown.Zoom / _camera.Zoom) - 1) < 0.01f)
                now = i;
        }

        _camera.Show(steps[(now + 1) % steps.Length]);
    }

    private void Move(ConsoleKey key)
    {
        if (_laidOut == null)
            return;
        int channels = _laidOut.Layers[_layer].Shape.Channels, columns = _places[_layer].Columns;
        int step = key switch { ConsoleKey.LeftArrow => -1, ConsoleKey.RightArrow => 1, ConsoleKey.UpArrow => -columns, _ => columns };
        _channel = ((_channel + step) % channels + channels) % channels;
        Reveal();
    }

    private void MoveLayer(int step)
    {
        if (_laidOut == null)
            return;
        (_layer, _channel) = ((_layer + step + _places.Length) % _places.Length, 0);
        Reveal();
    }

    private void Reveal()
    {
        var map = _places[_layer].MapAt(_channel);
        _camera.Reveal(map);
    }
}
