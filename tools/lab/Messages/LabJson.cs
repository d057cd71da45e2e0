using System.Text.Json;
using System.Text.Json.Serialization;

namespace WeCan.Lab.Messages;

/// <summary>How the lab's processes speak: JSON, one object a line.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeOrder))]
[JsonSerializable(typeof(NodeAnswer))]
[JsonSerializable(typeof(LabResult))]
internal sealed partial class LabJson : JsonSerializerContext
{
    public static string Write(NodeOrder order) => JsonSerializer.Serialize(order, Default.NodeOrder);

    public static string Write(NodeAnswer answer) => JsonSerializer.Serialize(answer, Default.NodeAnswer);

    public static string Write(LabResult result) => JsonSerializer.Serialize(result, Default.LabResult);
}
