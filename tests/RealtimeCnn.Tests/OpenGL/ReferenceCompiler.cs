using System.ComponentModel;
using System.Diagnostics;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Khronos' glslang, the reference compiler for GLSL, as a program.</summary>
internal static class ReferenceCompiler
{
    /// <summary>Compiles one shader from its text.</summary>
    /// <param name="stage"><c>comp</c>, <c>vert</c> or <c>frag</c>.</param>
    /// <param name="text">Complete GLSL.</param>
    /// <returns>Its exit code, 0 for no complaint, and all that it said.</returns>
    public static (int Code, string Said) Check(string stage, string text)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("glslangValidator", ["--stdin", "-S", stage]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("glslangValidator is missing, the reference GLSL compiler; ./setup.sh installs it (Debian package glslang-tools).");
        }

        using (process)
        {
            var said = process.StandardOutput.ReadToEndAsync();
            process.StandardInput.Write(text);
            process.StandardInput.Close();
            process.WaitForExit();
            return (process.ExitCode, said.Result);
        }
    }
}
