using System.Globalization;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>A detector: what there is in the picture, and where.</summary>
/// <param name="file">Its file.</param>
/// <param name="head">How its outputs become boxes.</param>
internal sealed class ShownDetector(ModelFile file, CentreHead head) : ShownModel(file)
{
    private readonly string[] _names = [.. Enumerable.Range(0, file.Output.Channels).Select(k => file.Classes?[k] ?? k.ToString(CultureInfo.InvariantCulture))];
    private readonly List<Detection> _found = [];

    /// <summary>A name for each class.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>What was found, best first, in pixels of the picture as a viewer sees it. One place shows one thing.</summary>
    public IReadOnlyList<Detection> Found => _found;

    /// <summary>How sure it is at each place of its maps.</summary>
    public HeatMap Heat { get; } = new(file.Output.Channels, file.Output.Height, file.Output.Width);

    /// <summary>For each class, what its part of the heat is called.</summary>
    public IReadOnlyList<string> HeatTitles { get; } = [.. Enumerable.Range(0, file.Output.Channels).Select(k => $"heat of '{file.Classes?[k] ?? k.ToString(CultureInfo.InvariantCulture)}'")];

    public override bool IsSure => _found.Count > 0;

    private protected override void Read(LiveResult result)
    {
        head.Decode(result.Outputs, 0, new Size2d(Input.Height, Input.Width), head.Threshold, _found);
        for (int i = _found.Count - 1; i > 0; i--)
        {
            if (IsFoundBetter(i))
                _found.RemoveAt(i);
        }

        Heat.Read(result.Outputs[0].Span, result.Outputs[1].Span);
        var mapping = result.Mapping;
        float stepX = (float)Input.Width / Heat.Size.Width, stepY = (float)Input.Height / Heat.Size.Height;
        var origin = mapping.ToUpright(default);
        Heat.Placement = ((float)origin.X, stepX * (float)mapping.ScaleX, (float)origin.Y, stepY * (float)mapping.ScaleY);
        for (int i = 0; i < _found.Count; i++)
        {
            PicturePoint first = result.Mapping.ToUpright(new PicturePoint(_found[i].Left, _found[i].Top)), second = result.Mapping.ToUpright(new PicturePoint(_found[i].Right, _found[i].Bottom));
            _found[i] = _found[i] with { Left = (float)first.X, Top = (float)first.Y, Right = (float)second.X, Bottom = (float)second.Y };
        }
    }

    private bool IsFoundBetter(int index)
    {
        for (int better = 0; better < index; better++)
        {
            if (_found[better].Overlap(_found[index]) > head.Overlap)
                return true;
        }

        return false;
    }
}
