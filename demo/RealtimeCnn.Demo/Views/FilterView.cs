using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The classical filters and the editable one, as large as they fit.</summary>
internal sealed class FilterView : IView
{
    public string Name => "filters";

    public void Draw(Scene scene, DemoControls controls, Area where) => Panels.Filters(scene, controls.Settings, where);
}
