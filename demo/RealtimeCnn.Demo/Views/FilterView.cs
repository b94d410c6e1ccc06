using RealtimeCnn.Demo.Pipelines;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The classical filters and the editable one, as large as nine fit.</summary>
internal sealed class FilterView : IView
{
    public string Name => "filters";

    public void Draw(Pipeline pipeline, DemoControls controls, Area where)
    {
        for (int i = 0; i < DemoNetwork.Pictures.Count; i++)
            Panels.Filtered(pipeline, DemoNetwork.Pictures[i], where.Cell(3, 3, i, Theme.Gap));
    }
}
