using System.Reflection;
using System.Runtime.InteropServices;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera.Jpeg;

/// <summary>Decodes and compresses JPEG through libturbojpeg's stable C interface (version 1.4 and later).</summary>
internal static unsafe class TurboJpeg
{
    private const string Library = "turbojpeg";
    private const int PixelFormatRgb = 0;
    private const int PixelFormatRgba = 7;
    private const int FullColours = 0;
    private const int BottomUp = 2;
    private const int KeepBuffer = 1024;
    private const int ColourspaceCmyk = 3;
    private const int ColourspaceYcck = 4;

    /// <summary>Most pixels along a side of a JPEG that the library writes.</summary>
    public const int MostSide = 65500;

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

    /// <summary>Most bytes that a JPEG of a size can have, with colours at full resolution.</summary>
    public static int MostBytes(int width, int height) => checked((int)tjBufSize(width, height, FullColours).Value);

    private static nint Create() => Start(tjInitDecompress);

    private static nint Start(Func<nint> init)
    {
        try
        {
            nint handle = init();
            return handle != 0 ? handle : throw new CameraException("libturbojpeg could not start: out of memory.");
        }
        catch (DllNotFoundException error)
        {
            string remedy = OperatingSystem.IsWindows() ? "install libjpeg-turbo (winget install libjpeg-turbo.libjpeg-turbo.VC) and put turbojpeg.dll on PATH"
                : OperatingSystem.IsMacOS() ? "brew install jpeg-turbo"
                : "sudo apt-get install libturbojpeg0";
            throw new CameraException($"The library libturbojpeg, which reads and writes JPEG, was not found: {remedy}.", error);
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

    /// <summary>A compressor of the library.</summary>
    public sealed class Compressor : IDisposable
    {
        private nint _handle = Start(tjInitCompress);

        /// <summary>Compresses a picture with colours at full resolution.</summary>
        /// <param name="pixels">Tightly packed rows.</param>
        /// <param name="format">RGB or RGBA.</param>
        /// <param name="isBottomUp">Whether the first row is the lowest.</param>
        /// <param name="quality">From 1 to 100.</param>
        /// <param name="jpeg">At least <see cref="MostBytes"/>.</param>
        /// <returns>Bytes of the JPEG.</returns>
        /// <exception cref="CameraException">There is not enough memory.</exception>
        public int Run(ReadOnlySpan<byte> pixels, FrameFormat format, bool isBottomUp, int quality, Span<byte> jpeg)
        {
            bool hasOpacity = format.Pixels == PixelFormat.Rgba;
            fixed (byte* from = pixels, to = jpeg)
            {
                byte* target = to;
                var size = new CULong((nuint)jpeg.Length);
                if (tjCompress2(
                    _handle, from, format.Width, format.Width * (hasOpacity ? 4 : 3), format.Height, hasOpacity ? PixelFormatRgba : PixelFormatRgb,
                    &target, &size, FullColours, quality, KeepBuffer | (isBottomUp ? BottomUp : 0)) != 0)
                    throw new CameraException($"A picture cannot be compressed as JPEG: {Marshal.PtrToStringUTF8(tjGetErrorStr2(_handle))}.");
                return (int)size.Value;
            }
        }

        public void Dispose()
        {
            if (_handle != 0)
                _ = tjDestroy(_handle);
            _handle = 0;
        }
    }

    [DllImport(Library)]
    private static extern nint tjInitDecompress();

    [DllImport(Library)]
    private static extern nint tjInitCompress();

    [DllImport(Library)]
    private static extern CULong tjBufSize(int width, int height, int subsampling);

    [DllImport(Library)]
    private static extern int tjCompress2(
        nint handle, byte* pixels, int width, int pitch, int height, int pixelFormat, byte** jpeg, CULong* size, int subsampling, int quality, int flags);

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
