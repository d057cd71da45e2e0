using System.Text.Json.Serialization;

namespace WeCan.Runtime.Local;

/// <summary>How a node's answers about itself are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NodeStatusReport))]
[JsonSerializable(typeof(LinksReport))]
[JsonSerializable(typeof(RoutesReport))]
internal sealed partial class NodeJson : JsonSerializerContext;
