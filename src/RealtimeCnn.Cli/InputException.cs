namespace RealtimeCnn.Cli;

/// <summary>The user asked for something impossible, or gave a file that will not do: exit code 2 and this one line, no stack trace.</summary>
/// <param name="message">What was wrong and what to do, in one line.</param>
internal sealed class InputException(string message) : Exception(message);
