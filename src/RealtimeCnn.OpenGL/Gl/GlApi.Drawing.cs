namespace RealtimeCnn.OpenGL;

// The little drawing that overlays and pictures need.
internal sealed unsafe partial class GlApi
{
    public readonly delegate* unmanaged<int, int, int, int, void> Viewport =
        (delegate* unmanaged<int, int, int, int, void>)Require(getProcAddress, "glViewport");

    public readonly delegate* unmanaged<int, int, int, int, void> Scissor =
        (delegate* unmanaged<int, int, int, int, void>)Require(getProcAddress, "glScissor");

    public readonly delegate* unmanaged<float, float, float, float, void> ClearColor =
        (delegate* unmanaged<float, float, float, float, void>)Require(getProcAddress, "glClearColor");

    public readonly delegate* unmanaged<uint, void> Clear =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glClear");

    public readonly delegate* unmanaged<byte, byte, byte, byte, void> ColorMask =
        (delegate* unmanaged<byte, byte, byte, byte, void>)Require(getProcAddress, "glColorMask");

    public readonly delegate* unmanaged<byte, void> DepthMask =
        (delegate* unmanaged<byte, void>)Require(getProcAddress, "glDepthMask");

    public readonly delegate* unmanaged<uint, void> Enable =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glEnable");

    public readonly delegate* unmanaged<uint, void> Disable =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glDisable");

    public readonly delegate* unmanaged<uint, byte> IsEnabled =
        (delegate* unmanaged<uint, byte>)Require(getProcAddress, "glIsEnabled");

    public readonly delegate* unmanaged<uint, uint, void> Enablei =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glEnablei");

    public readonly delegate* unmanaged<uint, uint, void> Disablei =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glDisablei");

    public readonly delegate* unmanaged<uint, uint, byte> IsEnabledi =
        (delegate* unmanaged<uint, uint, byte>)Require(getProcAddress, "glIsEnabledi");

    public readonly delegate* unmanaged<uint, uint, uint, uint, void> BlendFuncSeparate =
        (delegate* unmanaged<uint, uint, uint, uint, void>)Require(getProcAddress, "glBlendFuncSeparate");

    public readonly delegate* unmanaged<uint, uint, uint, uint, uint, void> BlendFuncSeparatei =
        (delegate* unmanaged<uint, uint, uint, uint, uint, void>)Require(getProcAddress, "glBlendFuncSeparatei");

    public readonly delegate* unmanaged<uint, uint, void> BlendEquationSeparate =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glBlendEquationSeparate");

    public readonly delegate* unmanaged<uint, uint, uint, void> BlendEquationSeparatei =
        (delegate* unmanaged<uint, uint, uint, void>)Require(getProcAddress, "glBlendEquationSeparatei");

    public readonly delegate* unmanaged<uint, byte, byte, byte, byte, void> ColorMaski =
        (delegate* unmanaged<uint, byte, byte, byte, byte, void>)Require(getProcAddress, "glColorMaski");

    public readonly delegate* unmanaged<uint, uint, void> PolygonMode =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glPolygonMode");

    public readonly delegate* unmanaged<uint, int, int, void> DrawArrays =
        (delegate* unmanaged<uint, int, int, void>)Require(getProcAddress, "glDrawArrays");

    public readonly delegate* unmanaged<uint, int, int, int, void> DrawArraysInstanced =
        (delegate* unmanaged<uint, int, int, int, void>)Require(getProcAddress, "glDrawArraysInstanced");
}
