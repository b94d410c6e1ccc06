using RealtimeCnn.Demo.Pipelines;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>Everything at once: the source beside the filtered pictures, the stack's feature maps below.</summary>
internal sealed class Overview : IView
{
    public string Name => "overview";

    public void Draw(Pipeline pipeline, NetworkSettings settings, Area where)
    {
        float upper = MathF.Round(where.Height * 0.60f);
        var top = where with { Height = upper };
        float sourceWidth = MathF.Round((where.Width - Theme.Gap) * 0.5f);
        Panels.Source(pipeline, top with { Width = sourceWidth });
        Panels.FilterGrid(pipeline, new Area(top.X + sourceWidth + Theme.Gap, top.Y, top.Width - sourceWidth - Theme.Gap, top.Height), 3, 3);
        Panels.Stack(pipeline, settings, where.Below(upper + Theme.Gap));
    }
}
