using RealtimeCnn.Demo.Pipelines;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The classical filters and the editable one, as large as they fit.</summary>
internal sealed class FilterView : IView
{
    public string Name => "filters";

    public void Draw(Pipeline pipeline, DemoControls controls, Area where) => Panels.Filters(pipeline, controls.Settings, where);
}
