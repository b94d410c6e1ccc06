using RealtimeCnn.Demo.Pipelines;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The live picture alone, as large as it fits, the editable filter's result in its corner.</summary>
internal sealed class LiveView : IView
{
    public string Name => "live";

    public void Draw(Pipeline pipeline, DemoControls controls, Area where)
    {
        Panels.Source(pipeline, where);
        var picture = where.Inset(1).Fit(pipeline.FrameSize);
        var corner = new Area(picture.Right - (picture.Width / 4) - Theme.Gap, picture.Bottom - (picture.Height / 4) - Theme.Gap, picture.Width / 4, picture.Height / 4);
        Panels.Custom(pipeline, controls.Settings, corner);
    }
}
