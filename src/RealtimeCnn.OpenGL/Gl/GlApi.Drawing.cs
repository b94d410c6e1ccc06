namespace RealtimeCnn.OpenGL;

// The little drawing that overlays and pictures need.
internal sealed unsafe partial class GlApi
{
    public readonly delegate* unmanaged<int, int, int, int, void> Viewport =
        (delegate* unmanaged<int, int, int, int, void>)entries.Require("glViewport");

    public readonly delegate* unmanaged<int, int, int, int, void> Scissor =
        (delegate* unmanaged<int, int, int, int, void>)entries.Require("glScissor");

    public readonly delegate* unmanaged<float, float, float, float, void> ClearColor =
        (delegate* unmanaged<float, float, float, float, void>)entries.Require("glClearColor");

    public readonly delegate* unmanaged<uint, void> Clear =
        (delegate* unmanaged<uint, void>)entries.Require("glClear");

    public readonly delegate* unmanaged<byte, byte, byte, byte, void> ColorMask =
        (delegate* unmanaged<byte, byte, byte, byte, void>)entries.Require("glColorMask");

    public readonly delegate* unmanaged<byte, void> DepthMask =
        (delegate* unmanaged<byte, void>)entries.Require("glDepthMask");

    public readonly delegate* unmanaged<uint, void> Enable =
        (delegate* unmanaged<uint, void>)entries.Require("glEnable");

    public readonly delegate* unmanaged<uint, void> Disable =
        (delegate* unmanaged<uint, void>)entries.Require("glDisable");

    public readonly delegate* unmanaged<uint, byte> IsEnabled =
        (delegate* unmanaged<uint, byte>)entries.Require("glIsEnabled");

    /// <summary>Null, like the others of one draw buffer, where all have one state.</summary>
    public readonly delegate* unmanaged<uint, uint, void> Enablei =
        (delegate* unmanaged<uint, uint, void>)entries.Indexed("glEnablei");

    public readonly delegate* unmanaged<uint, uint, void> Disablei =
        (delegate* unmanaged<uint, uint, void>)entries.Indexed("glDisablei");

    public readonly delegate* unmanaged<uint, uint, byte> IsEnabledi =
        (delegate* unmanaged<uint, uint, byte>)entries.Indexed("glIsEnabledi");

    public readonly delegate* unmanaged<uint, uint, uint, uint, void> BlendFuncSeparate =
        (delegate* unmanaged<uint, uint, uint, uint, void>)entries.Require("glBlendFuncSeparate");

    public readonly delegate* unmanaged<uint, uint, uint, uint, uint, void> BlendFuncSeparatei =
        (delegate* unmanaged<uint, uint, uint, uint, uint, void>)entries.Indexed("glBlendFuncSeparatei");

    public readonly delegate* unmanaged<uint, uint, void> BlendEquationSeparate =
        (delegate* unmanaged<uint, uint, void>)entries.Require("glBlendEquationSeparate");

    public readonly delegate* unmanaged<uint, uint, uint, void> BlendEquationSeparatei =
        (delegate* unmanaged<uint, uint, uint, void>)entries.Indexed("glBlendEquationSeparatei");

    public readonly delegate* unmanaged<uint, byte, byte, byte, byte, void> ColorMaski =
        (delegate* unmanaged<uint, byte, byte, byte, byte, void>)entries.Indexed("glColorMaski");

    /// <summary>Null in OpenGL ES, which always fills.</summary>
    public readonly delegate* unmanaged<uint, uint, void> PolygonMode =
        (delegate* unmanaged<uint, uint, void>)entries.OnDesktop("glPolygonMode");

    public readonly delegate* unmanaged<uint, int, uint, byte, int, void*, void> VertexAttribPointer =
        (delegate* unmanaged<uint, int, uint, byte, int, void*, void>)entries.Require("glVertexAttribPointer");

    public readonly delegate* unmanaged<uint, void> EnableVertexAttribArray =
        (delegate* unmanaged<uint, void>)entries.Require("glEnableVertexAttribArray");

    public readonly delegate* unmanaged<uint, uint, void> VertexAttribDivisor =
        (delegate* unmanaged<uint, uint, void>)entries.Require("glVertexAttribDivisor");

    public readonly delegate* unmanaged<uint, int, int, void> DrawArrays =
        (delegate* unmanaged<uint, int, int, void>)entries.Require("glDrawArrays");

    public readonly delegate* unmanaged<uint, int, int, int, void> DrawArraysInstanced =
        (delegate* unmanaged<uint, int, int, int, void>)entries.Require("glDrawArraysInstanced");

    public readonly delegate* unmanaged<uint, void*, void> DrawArraysIndirect =
        (delegate* unmanaged<uint, void*, void>)entries.Require("glDrawArraysIndirect");
}
