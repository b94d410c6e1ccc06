using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>
/// The way from one format to another: floats without a border lie in the middle, so that each conversion changes one thing and a
/// value that is wanted in two formats shares the steps to both.
/// </summary>
internal static class Conversions
{
    /// <summary>The first step of the way, and the format behind it.</summary>
    public static (Layer Step, TensorFormat Format) Next(TensorFormat now, TensorFormat to)
    {
        if (now.Element != to.Element && now.Element != ElementType.Float32)
            return (new Widen(), now with { Element = ElementType.Float32 });
        bool rearranges = now.Layout != to.Layout || now.Border != to.Border;
        if (rearranges && now.Element != ElementType.Float32)
            return (new Widen(), now with { Element = ElementType.Float32 });
        if (rearranges && !now.Border.IsNone)
            return (new RemoveBorder(), now with { Border = default });
        if (now.Layout != to.Layout)
            return (to.Layout == Layout.Blocked ? new ToBlocked() : new ToPlain(), now with { Layout = to.Layout });
        return rearranges ? (new AddBorder(), now with { Border = to.Border }) : (new Narrow(), to);
    }
}
