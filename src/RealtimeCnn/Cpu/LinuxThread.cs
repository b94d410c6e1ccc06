using System.Runtime.InteropServices;

namespace RealtimeCnn.Cpu;

/// <summary>What Linux tells the calling thread about processors, and lets it choose; on other systems nothing, and nothing happens.</summary>
internal static unsafe partial class LinuxThread
{
    /// <summary>Any processor that the thread was allowed when it first chose one.</summary>
    public const int AnyProcessor = -1;

    // RUSAGE_THREAD, and in struct rusage, 16 numbers behind two of two each, the last: ru_nivcsw.
    private const int ThisThread = 1, UsageNumbers = 18, InvoluntarySwitches = 17;

    // PRIO_PROCESS, whose 0 is the calling thread on Linux, and the nicest there is.
    private const int ProcessOrThread = 0, LeastPriority = 19;

    // As many processors as glibc's cpu_set_t has.
    private const int SetWords = 16, WordBits = 64;

    private static readonly bool IsHere = OperatingSystem.IsLinux() && Environment.Is64BitProcess && HasLibrary();

    [ThreadStatic]
    private static int _chosen;

    [ThreadStatic]
    private static ulong[]? _allowed;

    /// <summary>The processor that runs the thread; <see cref="AnyProcessor"/> where the system does not say.</summary>
    public static int Processor => IsHere ? GetProcessor() : AnyProcessor;

    /// <summary>How often the thread has lost its processor though it had work: getrusage(2), ru_nivcsw.</summary>
    public static long CountLosses()
    {
        long* usage = stackalloc long[UsageNumbers];
        return IsHere && GetUsage(ThisThread, usage) == 0 ? usage[InvoluntarySwitches] : 0;
    }

    /// <summary>Makes the thread stay on a processor, or leave it: sched_setaffinity(2). A wish: where the system refuses, the thread stays where it may.</summary>
    /// <param name="processor">From 0 on, or <see cref="AnyProcessor"/>.</param>
    public static void StayOn(int processor)
    {
        if (!IsHere || _chosen == processor + 1 || processor >= SetWords * WordBits)
            return;
        _chosen = processor + 1;
        if (_allowed == null)
        {
            _allowed = new ulong[SetWords];
            fixed (ulong* allowed = _allowed)
            {
                if (GetAllowed(0, SetWords * sizeof(ulong), allowed) < 0)
                    new Span<ulong>(allowed, SetWords).Fill(ulong.MaxValue);
            }
        }

        ulong* set = stackalloc ulong[SetWords];
        if (processor == AnyProcessor)
            _allowed.CopyTo(new Span<ulong>(set, SetWords));
        else
            set[processor / WordBits] = 1UL << (processor % WordBits);
        _ = SetAllowed(0, SetWords * sizeof(ulong), set);
    }

    /// <summary>Gives the thread the last place among those that want a processor, for good: nice(1) of 19, of this thread alone.</summary>
    public static void StandBack()
    {
        if (IsHere)
            _ = SetPriority(ProcessOrThread, 0, LeastPriority);
    }

    /// <summary>Whether the system's C library is there and has the functions; there are more than one.</summary>
    private static bool HasLibrary()
    {
        try
        {
            long* usage = stackalloc long[UsageNumbers];
            ulong* allowed = stackalloc ulong[SetWords];
            return GetProcessor() >= 0 && GetUsage(ThisThread, usage) == 0 && GetAllowed(0, SetWords * sizeof(ulong), allowed) == 0;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu"), SuppressGCTransition]
    private static partial int GetProcessor();

    [LibraryImport("libc", EntryPoint = "getrusage"), SuppressGCTransition]
    private static partial int GetUsage(int who, long* usage);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAllowed(int thread, nint bytes, ulong* set);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAllowed(int thread, nint bytes, ulong* set);
}
