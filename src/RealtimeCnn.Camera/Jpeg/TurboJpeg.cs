using System.Reflection;
using System.Runtime.InteropServices;

namespace RealtimeCnn.Camera.Jpeg;

/// <summary>Decodes JPEG through libturbojpeg's stable C interface (version 1.4 and later).</summary>
internal static unsafe class TurboJpeg
{
    private const string Library = "turbojpeg";
    private const int PixelFormatRgb = 0;
    private const int ColourspaceCmyk = 3;
    private const int ColourspaceYcck = 4;

    static TurboJpeg() => NativeLibrary.SetDllImportResolver(typeof(TurboJpeg).Assembly, Resolve);

    /// <summary>Width and height of a JPEG file's picture, as stored.</summary>
    /// <param name="jpeg">The file.</param>
    /// <param name="name">The file's name, for errors.</param>
    /// <exception cref="CameraException">It is damaged, of a kind that is not read, or the library is missing.</exception>
    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> jpeg, string name)
    {
        nint decoder = Create();
        try
        {
            fixed (byte* bytes = jpeg)
            {
                if (tjDecompressHeader3(decoder, bytes, new CULong((nuint)jpeg.Length), out int width, out int height, out _, out int colourspace) != 0 || width < 1 || height < 1)
                    throw Damaged(decoder, name);
                if (colourspace is ColourspaceCmyk or ColourspaceYcck)
                    throw new CameraException($"{name} is a JPEG in CMYK, for print; save it in RGB.");
                return (width, height);
            }
        }
        finally
        {
            _ = tjDestroy(decoder);
        }
    }

    /// <summary>Decodes into tightly packed RGB rows.</summary>
    /// <param name="jpeg">The file.</param>
    /// <param name="width">Width from <see cref="ReadSize"/>.</param>
    /// <param name="height">Height from <see cref="ReadSize"/>.</param>
    /// <param name="rgb">width × height × 3 bytes.</param>
    /// <param name="name">The file's name, for errors.</param>
    /// <exception cref="CameraException">The file is damaged or cut short.</exception>
    public static void Decode(ReadOnlySpan<byte> jpeg, int width, int height, Span<byte> rgb, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rgb.Length, width * height * 3);
        nint decoder = Create();
        try
        {
            fixed (byte* bytes = jpeg, target = rgb)
            {
                if (tjDecompress2(decoder, bytes, new CULong((nuint)jpeg.Length), target, width, width * 3, height, PixelFormatRgb, 0) != 0)
                    throw Damaged(decoder, name);
            }
        }
        finally
        {
            _ = tjDestroy(decoder);
        }
    }

    private static nint Create()
    {
        try
        {
            nint decoder = tjInitDecompress();
            return decoder != 0 ? decoder : throw new CameraException("libturbojpeg could not start a decoder: out of memory.");
        }
        catch (DllNotFoundException error)
        {
            string remedy = OperatingSystem.IsWindows() ? "install libjpeg-turbo (winget install libjpeg-turbo.libjpeg-turbo.VC) and put turbojpeg.dll on PATH"
                : OperatingSystem.IsMacOS() ? "brew install jpeg-turbo"
                : "sudo apt-get install libturbojpeg0";
            throw new CameraException($"The library libturbojpeg, which decodes JPEG, was not found: {remedy}.", error);
        }
    }

    private static CameraException Damaged(nint decoder, string name) =>
        new($"{name} is not a whole JPEG picture: {Marshal.PtrToStringUTF8(tjGetErrorStr2(decoder))}.");

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        if (library != Library)
            return 0;
        foreach (string name in (ReadOnlySpan<string>)["libturbojpeg.so.0", "libturbojpeg.dylib", "/opt/homebrew/lib/libturbojpeg.dylib", "turbojpeg"])
        {
            if (NativeLibrary.TryLoad(name, assembly, path, out nint handle))
                return handle;
        }

        return 0;
    }

    [DllImport(Library)]
    private static extern nint tjInitDecompress();

    [DllImport(Library)]
    private static extern int tjDestroy(nint handle);

    [DllImport(Library)]
    private static extern nint tjGetErrorStr2(nint handle);

    [DllImport(Library)]
    private static extern int tjDecompressHeader3(
        nint handle, byte* jpeg, CULong size, out int width, out int height, out int subsampling, out int colourspace);

    [DllImport(Library)]
    private static extern int tjDecompress2(
        nint handle, byte* jpeg, CULong size, byte* target, int width, int pitch, int height, int pixelFormat, int flags);
}
