using System.Text.Json.Serialization;

namespace WeCan.Edge.Tunnels.Commands;

/// <summary>How tunnels cross the edge's socket, and how they stand on its disk.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TunnelOrder))]
[JsonSerializable(typeof(TunnelList))]
[JsonSerializable(typeof(TunnelsReport))]
internal sealed partial class TunnelJson : JsonSerializerContext;
