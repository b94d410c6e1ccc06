using RealtimeCnn.Demo;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl-C ends the run as its natural end would; a second one ends the process.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};
return DemoOptions.Parse(args, Console.Error, options => new DemoApp(options, Console.Error).Run(interrupted.Token));
