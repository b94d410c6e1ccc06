using Google.Protobuf.Reflection;
using RealtimeCnn.Onnx.Protos;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>The fields that the scanner knows are those of the generated classes, with the same content.</summary>
public sealed class WireSchemaTests
{
    private const int MostFields = 64;

    [Fact]
    public void It_is_the_schema_of_the_generated_classes()
    {
        var seen = new HashSet<WireMessage>();
        Compare(WireMessage.ModelProto, ModelProto.Descriptor, seen);
        Assert.Equal(Enum.GetValues<WireMessage>().Length, seen.Count);
    }

    private static void Compare(WireMessage message, MessageDescriptor descriptor, HashSet<WireMessage> seen)
    {
        if (!seen.Add(message))
            return;
        Assert.Equal(message == WireMessage.TensorType ? "Tensor" : message.ToString(), descriptor.Name);
        for (int number = 0; number < MostFields; number++)
        {
            var field = descriptor.FindFieldByNumber(number);
            var (content, inner) = WireSchema.Find(message, (ulong)number);
            Assert.True(ContentOf(field) == content, $"{descriptor.Name}.{field?.Name ?? number.ToString(System.Globalization.CultureInfo.InvariantCulture)}: {content}");
            if (content == WireContent.Message)
                Compare(inner, field!.MessageType, seen);
        }
    }

    private static WireContent ContentOf(FieldDescriptor? field) => field?.FieldType switch
    {
        null => WireContent.Unknown,
        FieldType.Message => WireContent.Message,
        FieldType.String => field.Name == "value" ? WireContent.Text : WireContent.Name,
        FieldType.Bytes => WireContent.Bytes,
        FieldType.Float or FieldType.Double => WireContent.Floats,
        _ => WireContent.Integers,
    };
}
