using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace WeCan.Controller.Inspection;

/// <summary>How the API's own document is written.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class InspectionApiJson : JsonSerializerContext;
