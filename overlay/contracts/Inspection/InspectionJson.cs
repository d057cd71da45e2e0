using System.Text.Json.Serialization;

namespace WeCan.Contracts.Inspection;

/// <summary>How inspection reports are written as JSON: names in snake_case, what is null left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NetworkReport))]
[JsonSerializable(typeof(NodesReport))]
[JsonSerializable(typeof(LinksReport))]
[JsonSerializable(typeof(RouteReport))]
[JsonSerializable(typeof(EventEntry))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(LinkHistoryReport))]
[JsonSerializable(typeof(NodeHistoryReport))]
[JsonSerializable(typeof(QualityReport))]
[JsonSerializable(typeof(MaintenanceReport))]
[JsonSerializable(typeof(PolicyReport))]
[JsonSerializable(typeof(PolicyVersionsReport))]
[JsonSerializable(typeof(PolicyDiffReport))]
[JsonSerializable(typeof(PolicySetReport))]
[JsonSerializable(typeof(PolicyTrialReport))]
[JsonSerializable(typeof(AuthKeysReport))]
[JsonSerializable(typeof(AuthRevocationsReport))]
[JsonSerializable(typeof(AuthChangeReport))]
[JsonSerializable(typeof(SpacesReport))]
public sealed partial class InspectionJson : JsonSerializerContext;
