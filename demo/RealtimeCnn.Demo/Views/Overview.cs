using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>Everything at once: the source beside the filtered pictures, the stack's feature maps below.</summary>
internal sealed class Overview : IView
{
    public string Name => "overview";

    public void Draw(Scene scene, DemoControls controls, Area where)
    {
        float upper = MathF.Round(where.Height * 0.60f);
        var top = where.Top(upper);
        // Half of the room, less where the picture is too narrow to fill that.
        float sourceWidth = MathF.Round(Math.Min((where.Width - Theme.Gap) * 0.5f, upper * scene.FrameSize.Width / scene.FrameSize.Height));
        Panels.Source(scene, top with { Width = sourceWidth });
        var right = top with { X = top.X + sourceWidth + Theme.Gap, Width = top.Width - sourceWidth - Theme.Gap };
        Panels.Filters(scene, controls.Settings, right);
        var below = where.Below(upper + Theme.Gap);
        for (int i = 0; i < DemoNetwork.Stack.Count; i++)
            Panels.Maps(scene, controls.Settings, DemoNetwork.Stack[i], below.Cell(DemoNetwork.Stack.Count, 1, i, Theme.Gap));
    }
}
