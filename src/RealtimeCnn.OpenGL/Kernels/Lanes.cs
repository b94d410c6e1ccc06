namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// How many invocations share a loop that is as long as a tensor (<c>include/lanes.glsl</c>). A driver may end loops early without
/// a word, and then the numbers are silently wrong: Mesa's llvmpipe ends those of an invocation after 65,535 turns in all, inner
/// loops counted for each turn of the outer one, and the turn in which a loop finds its end counted too.
/// </summary>
internal static class Lanes
{
    /// <summary>Most turns, of all its loops together, that an invocation may be given.</summary>
    public const int MostTurns = 60_000;

    /// <summary>Lanes of a work group that shares a long loop.</summary>
    public const int Group = 64;

    // Those of one that shares a very long loop: what OpenGL 4.3 guarantees, and what OpenGL ES 3.1 does.
    private const int WideGroup = 1024, EmbeddedWideGroup = 128;

    // Up to so many turns an invocation is well off alone, and a group with so many in all.
    private const int MostAlone = 16_384;
    private const int MostInGroup = 262_144;

    /// <summary>Whether an invocation alone is well off with so many turns.</summary>
    public static bool IsShort(long turns) => turns <= MostAlone;

    /// <summary>How many lanes to share so many turns among: 1, <see cref="Group"/> or a wide group of 1024 or 128; 0 where not even that can do it.</summary>
    /// <param name="turns">Of all loops of one output.</param>
    /// <param name="limits">What the device allows.</param>
    public static int For(long turns, GlLimits limits)
    {
        int wide = Math.Min(limits.GroupInvocations, limits.GroupSize.X) >= WideGroup ? WideGroup : EmbeddedWideGroup;
        return IsShort(turns) ? 1
            : turns <= MostInGroup ? Group
            : turns <= (long)wide * MostTurns ? wide
            : 0;
    }

    /// <summary>The same for shaders in which a group always works together.</summary>
    public static int ForGroup(long turns, GlLimits limits) => For(turns, limits) == 1 ? Group : For(turns, limits);
}
