using System.Runtime.CompilerServices;

namespace RealtimeCnn.Cpu;

/// <summary>
/// How kernels are compiled: a kernel runs too seldom to be compiled again soon, and code that is not optimised is a hundred times slower.
/// </summary>
/// <remarks>
/// Methods that take or give vectors, and are not inlined, have <see cref="MethodImplOptions.AggressiveOptimization"/> itself: the compiler
/// ahead of time takes neither them nor what calls them.
/// </remarks>
internal static class KernelCode
{
#if KERNELS_AHEAD_OF_TIME
    /// <summary>Optimised before the program starts, which the attribute would forbid; eng/KernelsAheadOfTime.props sees to what is left out.</summary>
    public const MethodImplOptions Optimized = default;
#else
    /// <summary>Optimised when it runs first.</summary>
    public const MethodImplOptions Optimized = MethodImplOptions.AggressiveOptimization;
#endif
}
