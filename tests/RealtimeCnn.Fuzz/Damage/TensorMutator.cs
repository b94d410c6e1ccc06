using Google.Protobuf;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Fuzz.Damage;

/// <summary>Damages one tensor of a file: its type, its extents, and its numbers.</summary>
internal static class TensorMutator
{
    private const int Float = 1, Int64 = 7;

    public static void Edit(TensorProto tensor, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                tensor.DataType = random.Next(0, 18);
                break;
            case 1 when tensor.Int64Data.Count > 0:
                tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = Extremes.Any(random);
                break;
            case 2 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Extremes.Any(random);
                break;
            case 3:
                // Nothing at all, as a tensor without elements.
                tensor.Dims.Clear();
                tensor.Dims.AddRange(random.Next(2) == 0 ? [0] : [2, 0, 3]);
                tensor.RawData = ByteString.Empty;
                break;
            default:
                if (tensor.DataType == Int64)
                    Write(tensor, random, BitConverter.GetBytes(Extremes.Any(random)));
                else if (tensor.DataType == Float)
                    Write(tensor, random, BitConverter.GetBytes(Extremes.AnyReal(random)));
                else if (tensor.Dims.Count > 0)
                    tensor.Dims.RemoveAt(random.Next(tensor.Dims.Count));
                break;
        }
    }

    /// <summary>Overwrites one element.</summary>
    private static void Write(TensorProto tensor, Random random, byte[] element)
    {
        byte[] bytes = tensor.RawData.ToByteArray();
        if (bytes.Length < element.Length)
            return;
        element.CopyTo(bytes, random.Next(bytes.Length / element.Length) * element.Length);
        tensor.RawData = ByteString.CopyFrom(bytes);
    }
}
