using RealtimeCnn.Graphs;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>A parameter as users see it: row-major, rounded up to whole vec4s.</summary>
internal static class PlainParameter
{
    public static PackedWeights Pack(LayerCall call, int index) => new(
        $"plain/4 {index}", (call.Parameters[index].Shape.Count + 3) / 4 * 4, destination => call.Parameters[index].Span.CopyTo(destination));
}
