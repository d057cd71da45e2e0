using System.Text.Json;
using System.Text.Json.Serialization;

namespace WeCan.Lab.Reports;

/// <summary>How a run is printed as JSON.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LabResult))]
internal sealed partial class LabJson : JsonSerializerContext
{
    public static string Write(LabResult result) => JsonSerializer.Serialize(result, Default.LabResult);
}
