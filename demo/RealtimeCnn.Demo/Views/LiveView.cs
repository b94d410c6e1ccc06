using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The live picture alone, as large as it fits, the editable filter's result in its corner.</summary>
internal sealed class LiveView : IView
{
    public string Name => "live";

    public void Draw(Scene scene, DemoControls controls, Area where)
    {
        Panels.Source(scene, where);
        var picture = where.Inset(1).Fit(scene.FrameSize);
        var corner = new Area(picture.Right - (picture.Width / 4) - Theme.Gap, picture.Bottom - (picture.Height / 4) - Theme.Gap, picture.Width / 4, picture.Height / 4);
        Panels.Custom(scene, controls.Settings, corner);
    }
}
