using System.Text.Json.Serialization;

namespace WeCan.Hosting.Local;

/// <summary>How refusals cross the socket.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LocalProblem))]
internal sealed partial class LocalJson : JsonSerializerContext;
