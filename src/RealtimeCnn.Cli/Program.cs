using RealtimeCnn.Cli;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first asks the command to end, the second ends the process.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};
return CommandLine.Run(args, Console.Out, Console.Error, interrupted.Token);
