namespace RealtimeCnn.Tests.Tensors;

public class TensorTests
{
    [Fact]
    public unsafe void Memory_is_aligned_and_zero()
    {
        using var tensor = new Tensor(new Shape(1, 3, 5, 7));
        Assert.Equal(0, (nint)tensor.Pointer % 64);
        Assert.False(tensor.Span.ContainsAnyExcept(0));
    }

    [Fact]
    public void Elements_lie_row_major()
    {
        using var tensor = new Tensor(new Shape(2, 3, 4, 5));
        tensor[1, 2, 3, 4] = 7;
        tensor[0, 1, 0, 2] = 8;
        Assert.Equal(7, tensor.Span[^1]);
        Assert.Equal(8, tensor.Span[22]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor[0, 3, 0, 0]);
    }

    [Fact]
    public void The_wrong_number_of_elements_is_an_error_with_both_numbers()
    {
        var error = Assert.Throws<ShapeException>(() => new Tensor(new Shape(2, 3), [1, 2, 3]));
        Assert.Contains("6 elements; 3 were given", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Use_after_disposal_is_an_error()
    {
        var tensor = new Tensor(new Shape(4));
        tensor.Dispose();
        tensor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Span.Length);
    }

    [Fact]
    public void Disposal_on_many_threads_at_once_frees_once()
    {
        for (int round = 0; round < 200; round++)
        {
            var tensor = new Tensor(new Shape(1000));
            Parallel.For(0, 8, _ => tensor.Dispose());
            Assert.Throws<ObjectDisposedException>(() => tensor.Span.Length);
        }
    }
}
