using System.Diagnostics;
using System.Reflection;

namespace RealtimeCnn.Tests.Samples;

/// <summary>A program of <c>demo/samples</c>, as a process or inside of this one.</summary>
internal static class SampleProgram
{
    /// <summary>Runs it as a process to its end.</summary>
    public static (int ExitCode, string Output, string Errors) Run(string name, params string[] arguments)
    {
        string tests = Path.Combine(AppContext.BaseDirectory, "RealtimeCnn.Tests");
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(
            host, ["exec", "--runtimeconfig", $"{tests}.runtimeconfig.json", "--depsfile", $"{tests}.deps.json", Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Runs it on this thread.</summary>
    public static void RunHere(string name, params string[] arguments)
    {
        try
        {
            Assembly.Load(name).EntryPoint!.Invoke(null, [arguments]);
        }
        catch (TargetInvocationException failure)
        {
            throw new InvalidOperationException(failure.InnerException!.Message, failure.InnerException);
        }
    }
}
