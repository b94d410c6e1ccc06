namespace RealtimeCnn.Tests;

/// <summary>Tensors of numbers uniform in [−1, 1]. The caller disposes them.</summary>
internal static class Noise
{
    public static Tensor Of(Shape shape, int seed = 5) => Of(shape, new Random(seed));

    public static Tensor Of(Shape shape, Random random)
    {
        var tensor = new Tensor(shape);
        foreach (ref float value in tensor.Span)
            value = (random.NextSingle() * 2) - 1;
        return tensor;
    }
}
