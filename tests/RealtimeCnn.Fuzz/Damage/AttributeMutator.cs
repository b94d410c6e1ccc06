using Google.Protobuf;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Fuzz.Damage;

/// <summary>Damages one attribute: its numbers, how many there are, and its type.</summary>
internal static class AttributeMutator
{
    public static void Edit(AttributeProto attribute, Random random)
    {
        switch (random.Next(6))
        {
            case 0 when attribute.Ints.Count > 0:
                attribute.Ints.Add(Extremes.Any(random));
                break;
            case 1 when attribute.T != null:
                TensorMutator.Edit(attribute.T, random);
                break;
            case 2 when attribute.Ints.Count > 0:
                attribute.Ints.RemoveAt(random.Next(attribute.Ints.Count));
                break;
            case 3:
                attribute.Type = (AttributeProto.Types.AttributeType)random.Next(0, 12);
                break;
            case 4 when attribute.S.Length > 0:
                attribute.S = ByteString.CopyFromUtf8(random.Next(2) == 0 ? string.Empty : "ij,jk->zz");
                break;
            default:
                attribute.I = Extremes.Any(random);
                attribute.F = Extremes.AnyReal(random);
                if (attribute.Ints.Count > 0)
                    attribute.Ints[random.Next(attribute.Ints.Count)] = Extremes.Any(random);
                if (attribute.Floats.Count > 0)
                    attribute.Floats[random.Next(attribute.Floats.Count)] = Extremes.AnyReal(random);
                break;
        }
    }
}
