using System.CommandLine;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn info</c>: what this machine has for running networks, one <c>name: value</c> a line.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var command = new Command("info", "Show what this machine has for running networks.");
        var gl = new GlOption();
        gl.AddTo(command);
        command.SetAction(parsed => Run(gl.Read(parsed), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(GlDeviceOptions gl, TextWriter output)
    {
        var version = typeof(Tensor).Assembly.GetName().Version!;
        output.WriteLine($"realtimecnn: {version.ToString(3)}");
        var machine = MachineReport.Here;
        output.WriteLine($"runtime: {machine.Runtime}, {machine.Platform}");
        output.WriteLine($"cpu threads: {machine.Threads}");
        output.WriteLine($"cpu vectors: {string.Join(", ", machine.Vectors)}");
        try
        {
            using var host = EglHost.Create(options: gl);
            Write(output, host);
        }
        catch (GlException problem)
        {
            output.WriteLine($"opengl: none ({problem.Message})");
        }

        return ExitCode.Fine;
    }

    private static void Write(TextWriter output, EglHost host)
    {
        var (info, limits) = (host.Device.Info, host.Device.Limits);
        output.WriteLine($"opengl: {info.Version} on {host.Description}, driver '{info.Driver}' by {info.Vendor}");
        output.WriteLine($"renderer: {info.Renderer}");
        output.WriteLine($"hardware: {(info.IsSoftware ? "no, the CPU draws" : "yes")}");
        output.WriteLine($"kernels for: {host.Device.Profile.Kind.ToString().ToLowerInvariant()} devices, {host.Device.Profile.SubgroupSize} invocations in step");
        output.WriteLine($"persistent mapping: {(info.HasPersistentMapping ? "yes" : "no")}");
        output.WriteLine($"gpu timers: {(info.TimersWork ? "work" : "not used, the processor's clock is")}");
        output.WriteLine($"tensor reads: {info.ReadPath.ToString().ToLowerInvariant()}");
        output.WriteLine($"work group: {limits.GroupInvocations} invocations, {limits.SharedBytes / 1024} KiB shared; most groups {limits.GroupCount}");
        output.WriteLine($"bindings of a shader: {limits.ComputeStorageBlocks} storage buffers, {limits.ComputeTextureUnits} textures, {limits.ComputeImages} images; {limits.ReadableTensors(info.ReadPath)} tensors read at once");
        output.WriteLine($"uniform block: {limits.UniformBlockBytes / 1024} KiB; offsets aligned to {limits.UniformAlignment} bytes, those of tensors to {limits.TensorAlignment}");
        output.WriteLine($"largest texture: {limits.TextureSize} pixels a side");
        output.WriteLine($"largest tensor: {limits.ReadableBytes(info.ReadPath) >> 20} MiB in one binding");
    }
}
