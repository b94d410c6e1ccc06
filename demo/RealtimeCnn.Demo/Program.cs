using System.Runtime.InteropServices;
using RealtimeCnn.Demo;

using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndRun);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndRun);
return DemoOptions.Parse(args, Console.Error, options => new DemoApp(options, Console.Error, UserSettings.DefaultPath).Run(interrupted.Token));

// The first Ctrl-C ends the run as its natural end would; a second one ends the process.
void EndRun(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}
