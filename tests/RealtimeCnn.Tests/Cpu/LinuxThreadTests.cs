using RealtimeCnn.Cpu;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Where Linux lets a thread run; on other systems nothing is asked and nothing happens.</summary>
public sealed class LinuxThreadTests
{
    [Fact]
    public void A_thread_stays_on_the_processor_that_it_chose_and_may_leave_it_again()
    {
        var seen = new List<string>();
        var thread = new Thread(() =>
        {
            seen.Add(Allowed());
            LinuxThread.StayOn(LinuxThread.Processor);
            seen.Add(Allowed());
            seen.Add(LinuxThread.Processor.ToString(System.Globalization.CultureInfo.InvariantCulture));
            LinuxThread.StayOn(LinuxThread.AnyProcessor);
            seen.Add(Allowed());
        });
        thread.Start();
        thread.Join();
        if (OperatingSystem.IsLinux())
            Assert.Equal(seen[2], seen[1]);
        Assert.Equal(seen[0], seen[3]);
    }

    [Fact]
    public void Losses_are_those_that_the_system_tells()
    {
        long least = 0, counted = 0, most = 0;
        int processor = LinuxThread.Processor;
        bool isDone = false;
        // Two that want one processor lose it to each other.
        var other = new Thread(() =>
        {
            LinuxThread.StayOn(processor);
            while (!Volatile.Read(ref isDone))
                Thread.SpinWait(100);
        });
        var thread = new Thread(() =>
        {
            LinuxThread.StayOn(processor);
            while (OperatingSystem.IsLinux() && Told() == 0)
                Thread.SpinWait(100_000);
            (least, counted, most) = (Told(), LinuxThread.CountLosses(), Told());
            Volatile.Write(ref isDone, true);
        });
        other.Start();
        thread.Start();
        thread.Join();
        other.Join();
        Assert.InRange(counted, least, most);
    }

    /// <summary>The processors that the calling thread may run on.</summary>
    private static string Allowed() => Line("Cpus_allowed_list:");

    private static long Told() => OperatingSystem.IsLinux() ? long.Parse(Line("nonvoluntary_ctxt_switches:"), System.Globalization.CultureInfo.InvariantCulture) : 0;

    private static string Line(string name) => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split('\t')[1]
        : "";
}
