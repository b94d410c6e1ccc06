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

    /// <summary>Lanes of one that shares a very long loop: what OpenGL 4.3 guarantees.</summary>
    public const int WideGroup = 1024;

    // Up to so many turns an invocation is well off alone, and a group with so many in all.
    private const int MostAlone = 16_384;
    private const int MostInGroup = 262_144;

    /// <summary>How many lanes to share so many turns among: 1, <see cref="Group"/> or <see cref="WideGroup"/>; 0 where not even the widest group can do it.</summary>
    /// <param name="turns">Of all loops of one output.</param>
    public static int For(long turns) =>
        turns <= MostAlone ? 1
        : turns <= MostInGroup ? Group
        : turns <= (long)WideGroup * MostTurns ? WideGroup
        : 0;

    /// <summary>The same for shaders in which a group always works together.</summary>
    public static int ForGroup(long turns) => For(turns) == 1 ? Group : For(turns);
}
