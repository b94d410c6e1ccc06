using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Live;

namespace RealtimeCnn.OpenGL;

/// <summary>The textures that results carry (<see cref="LiveOptions.Textures"/>).</summary>
public static class OutputTextures
{
    /// <summary>An output of a result as a texture; the first of that name where several are asked for.</summary>
    /// <param name="result">A result of a pipeline on a device, on its thread.</param>
    /// <param name="output">Name of the output.</param>
    /// <returns>Holds as long as the result: until the next is taken.</returns>
    /// <exception cref="KeyNotFoundException">It is none of <see cref="LiveOptions.Textures"/>; the message lists those.</exception>
    /// <exception cref="InvalidOperationException">The result carries no textures.</exception>
    public static ResultTexture OutputTexture(this LiveResult result, string output)
    {
        var textures = Of(result);
        foreach (var texture in textures)
        {
            if (texture.Output == output)
                return texture;
        }

        throw new KeyNotFoundException($"'{output}' is none of the outputs that are textures ({nameof(LiveOptions)}.{nameof(LiveOptions.Textures)}): {string.Join(", ", textures.Select(texture => texture.Output))}.");
    }

    /// <summary>As <see cref="OutputTexture(LiveResult, string)"/>, by its place in <see cref="LiveOptions.Textures"/>.</summary>
    /// <param name="result">A result of a pipeline on a device, on its thread.</param>
    /// <param name="index">From 0.</param>
    /// <returns>Holds as long as the result: until the next is taken.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    /// <exception cref="InvalidOperationException">The result carries no textures.</exception>
    public static ResultTexture OutputTexture(this LiveResult result, int index = 0)
    {
        var textures = Of(result);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)textures.Length, nameof(index));
        return textures[index];
    }

    private static ResultTexture[] Of(LiveResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return (ResultTexture[]?)result.Textures ?? throw new InvalidOperationException(
            $"This result carries no textures. Name outputs in {nameof(LiveOptions)}.{nameof(LiveOptions.Textures)}, and take results on the device's thread: copies for other threads ({nameof(LivePipeline.Results)}) have none.");
    }
}
