using RealtimeCnn.Demo.Pipelines;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>Everything at once: the source beside the filtered pictures, the stack's feature maps below.</summary>
internal sealed class Overview : IView
{
    public string Name => "overview";

    public void Draw(Pipeline pipeline, DemoControls controls, Area where)
    {
        float upper = MathF.Round(where.Height * 0.60f);
        var top = where.Top(upper);
        float sourceWidth = MathF.Round((where.Width - Theme.Gap) * 0.5f);
        Panels.Source(pipeline, top with { Width = sourceWidth });
        var right = top with { X = top.X + sourceWidth + Theme.Gap, Width = top.Width - sourceWidth - Theme.Gap };
        for (int i = 0; i < DemoNetwork.Pictures.Count; i++)
            Panels.Filtered(pipeline, DemoNetwork.Pictures[i], right.Cell(3, 3, i, Theme.Gap));
        var below = where.Below(upper + Theme.Gap);
        for (int i = 0; i < DemoNetwork.Stack.Count; i++)
            Panels.Maps(pipeline, controls.Settings, DemoNetwork.Stack[i], below.Cell(DemoNetwork.Stack.Count, 1, i, Theme.Gap));
    }
}
