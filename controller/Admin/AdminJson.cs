using System.Text.Json.Serialization;

namespace WeCan.Controller.Admin;

/// <summary>How the operator's commands cross the socket.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AdminRequest))]
[JsonSerializable(typeof(AdminAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
