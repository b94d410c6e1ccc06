using System.CommandLine;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Cli;

/// <summary>Where a network runs.</summary>
internal enum Backend
{
    Cpu,
    Gpu,
}

/// <summary>The <c>--backend</c> option of every command that runs networks.</summary>
internal static class Backends
{
    private const string Cpu = "cpu", Gpu = "gpu", Auto = "auto";

    public static Option<string> Option()
    {
        var option = new Option<string>("--backend")
        {
            Description = "Where to run: the CPU, OpenGL compute shaders, or auto: the GPU where there is a real one.",
            HelpName = $"{Cpu}|{Gpu}|{Auto}",
            DefaultValueFactory = _ => Cpu,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value is not (Cpu or Gpu or Auto))
                result.AddError($"'{token.Value}' is no backend; there are {Cpu}, {Gpu} and {Auto}.");
        });
        return option;
    }

    /// <summary>Opens the backend that the option names.</summary>
    /// <param name="name">Its word.</param>
    /// <param name="notes">Gets one line where <c>auto</c> does not take the GPU.</param>
    /// <exception cref="GlException">The GPU was asked for and there is no OpenGL 4.3.</exception>
    public static ModelBackend Open(string name, TextWriter notes)
    {
        if (name == Cpu)
            return new ModelBackend(Backend.Cpu);
        string reason;
        try
        {
            var gpu = new ModelBackend(Backend.Gpu);
            if (name == Gpu || gpu.Device!.Info.ReasonForCpu is not { } better)
                return gpu;
            gpu.Dispose();
            reason = better;
        }
        catch (GlException problem) when (name == Auto)
        {
            reason = problem.Message;
        }

        CommandLine.Note(notes, $"{reason} Networks run on the CPU path.");
        return new ModelBackend(Backend.Cpu);
    }
}
