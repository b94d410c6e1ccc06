using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Demo.Scenes;

/// <summary>Sheets on the GPU: each is brought up when it has changed.</summary>
/// <param name="device">Where.</param>
internal sealed class SheetTextures(GlDevice device) : IDisposable
{
    private const int MostSheets = 4;
    private readonly FrameUploader _uploader = new(device, slots: MostSheets, textures: 2 * MostSheets);
    private readonly Dictionary<Sheet, (FrameTexture Texture, long Version)> _textures = [];
    private readonly FramePool _pool = new(2);

    /// <summary>A sheet as it is now; null before there is room for its first one.</summary>
    public FrameTexture? Of(Sheet sheet)
    {
        bool isThere = _textures.TryGetValue(sheet, out var known);
        if (isThere && known.Version == sheet.Version)
            return known.Texture;
        var format = new FrameFormat(sheet.Size.Width, sheet.Size.Height, PixelFormat.Rgb);
        if (_pool.TryRent(format.Bytes) is not { } buffer)
            return known.Texture;
        var colors = sheet.Colors.Span;
        int area = sheet.Size.Height * sheet.Size.Width;
        var bytes = buffer.Bytes;
        for (int i = 0; i < area; i++)
        {
            for (int channel = 0; channel < 3; channel++)
                bytes[(i * 3) + channel] = (byte)((Math.Clamp(colors[(channel * area) + i], 0, 1) * 255) + 0.5f);
        }

        using var frame = new Frame(buffer, format, default, sheet.Version);
        if (_uploader.TryUpload(frame) is not { } texture)
            return known.Texture;
        if (isThere)
            known.Texture.Release();
        _textures[sheet] = (texture, sheet.Version);
        return texture;
    }

    public void Dispose()
    {
        _uploader.Dispose();
        _pool.Dispose();
    }
}
