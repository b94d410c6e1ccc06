using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Demo.Scripts;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>Somebody who tries everything: in each mode for a while its keys, those of all modes, and the mouse anywhere; the same for each seed.</summary>
/// <param name="seed">Decides all of it.</param>
/// <param name="modes">All modes.</param>
/// <param name="common">The keys of all modes.</param>
/// <param name="files">Are dropped now and then.</param>
internal sealed class RandomUser(int seed, IReadOnlyList<Mode> modes, IReadOnlyList<KeyBinding> common, IReadOnlyList<string> files)
{
    private const float Width = 1280, Height = 720;
    private static readonly ConsoleKey[] Leaving = [ConsoleKey.Q, ConsoleKey.Escape];
    private readonly Random _random = new(seed);
    private readonly ConsoleKey[] _common = [.. common.SelectMany(binding => binding.Keys).Except(Leaving)];
    private readonly List<ScriptAction> _actions = [];

    /// <summary>What they do: rounds of all modes, each in an order of its own, and a rest behind each.</summary>
    /// <param name="rounds">How many.</param>
    /// <param name="period">Time in each mode, and of a rest.</param>
    /// <param name="deeds">In each mode.</param>
    public Script Play(int rounds, TimeSpan period, int deeds)
    {
        _actions.Clear();
        var at = TimeSpan.Zero;
        for (int round = 0; round < rounds; round++)
        {
            var order = Enumerable.Range(0, modes.Count).ToArray();
            _random.Shuffle(order);
            foreach (int number in order)
            {
                var mode = modes[number];
                _actions.Add(new ScriptAction.Mode(Time(at), mode.Name));
                if (mode is ExploreMode)
                    _actions.Add(new ScriptAction.Scene(Time(at), ExploreMode.SceneNames[_random.Next(ExploreMode.SceneNames.Count)]));
                for (int i = 0; i < deeds; i++)
                    Add(at + (period * ((i + _random.NextDouble()) / (deeds + 1))), period / (deeds + 1), mode);
                // Something is saved in each mode now and then.
                if (_random.Next(modes.Count) == 0)
                    Press(at + (period / 2), ConsoleKey.V);
                at += period;
            }

            at += period;
        }

        return new Script([.. _actions.OrderBy(action => action.Time.Amount)]);
    }

    private static ScriptTime Time(TimeSpan at) => new(at.TotalSeconds, IsFrames: false);

    private void Add(TimeSpan at, TimeSpan room, Mode mode)
    {
        switch (_random.Next(100))
        {
            case < 40 when mode.Keys.Count > 0:
                Press(at, OwnKey(mode));
                break;
            case < 50:
                Press(at, _common[_random.Next(_common.Length)]);
                break;
            case < 58:
                Hold(at, room, mode.Keys.Count > 0 ? OwnKey(mode) : ConsoleKey.D1);
                break;
            case < 78:
                Click(at, X(), Y(), _random.Next(5) == 0 ? PointerButton.Right : PointerButton.Left);
                break;
            case < 88:
                Drag(at, room);
                break;
            case < 95:
                _actions.Add(new ScriptAction.Pointer(Time(at), new PointerEvent(PointerAction.Scrolled, X(), Y(), Wheel: _random.Next(2) == 0 ? 1 : -1)));
                break;
            case < 98:
                _actions.Add(new ScriptAction.Pointer(Time(at), new PointerEvent(_random.Next(3) == 0 ? PointerAction.Left : PointerAction.Moved, X(), Y())));
                break;
            default:
                _actions.Add(new ScriptAction.Drop(Time(at), files[_random.Next(files.Count)]));
                break;
        }
    }

    private float X() => _random.NextSingle() * Width;

    private float Y() => _random.NextSingle() * Height;

    private ConsoleKey OwnKey(Mode mode)
    {
        var keys = mode.Keys[_random.Next(mode.Keys.Count)].Keys;
        return keys[_random.Next(keys.Length)];
    }

    private void Press(TimeSpan at, ConsoleKey key) => _actions.Add(new ScriptAction.Key(Time(at), new KeyPress(key, default, IsRepeat: false)));

    private void Hold(TimeSpan at, TimeSpan room, ConsoleKey key)
    {
        _actions.Add(new ScriptAction.Hold(Time(at), key));
        _actions.Add(new ScriptAction.Release(Time(at + room), key));
    }

    private void Click(TimeSpan at, float x, float y, PointerButton button)
    {
        Point(at, PointerAction.Moved, x, y, PointerButton.None);
        Point(at, PointerAction.Pressed, x, y, button);
        Point(at, PointerAction.Released, x, y, button);
    }

    private void Drag(TimeSpan at, TimeSpan room)
    {
        const int Steps = 6;
        var (fromX, fromY, toX, toY) = (X(), Y(), X(), Y());
        Point(at, PointerAction.Moved, fromX, fromY, PointerButton.None);
        Point(at, PointerAction.Pressed, fromX, fromY, PointerButton.Left);
        for (int i = 1; i <= Steps; i++)
            Point(at + (room * i / Steps), PointerAction.Moved, fromX + ((toX - fromX) * i / Steps), fromY + ((toY - fromY) * i / Steps), PointerButton.None);
        Point(at + room, PointerAction.Released, toX, toY, PointerButton.Left);
    }

    private void Point(TimeSpan at, PointerAction action, float x, float y, PointerButton button) =>
        _actions.Add(new ScriptAction.Pointer(Time(at), new PointerEvent(action, x, y, button)));
}
