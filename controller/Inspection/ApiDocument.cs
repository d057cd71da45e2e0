using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Inspection;

/// <summary>The API as an OpenAPI document, made of the operations that are served and of the types that are written: it says nothing that is not so.</summary>
internal static class ApiDocument
{
    public static byte[] Make(IReadOnlyList<ApiOperation> operations, string version)
    {
        var paths = new JsonObject();
        foreach (var same in operations.GroupBy(operation => operation.Path, StringComparer.Ordinal))
            paths[same.Key] = new JsonObject([.. same.Select(operation => KeyValuePair.Create(operation.Method.ToLowerInvariant(), (JsonNode?)Describe(operation)))]);
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "WeCan inspection", ["version"] = version, ["description"] = "What a controller knows of its network. Refusals are {\"error\": sentence, \"code\": exit code}." },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } } },
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, InspectionApiJson.Default.JsonObject);
    }

    private static JsonObject Describe(ApiOperation operation)
    {
        var content = new JsonObject { [operation.ContentType] = new JsonObject { ["schema"] = operation.Answers is null ? new JsonObject { ["type"] = operation.ContentType == "application/json" ? "object" : "string" } : SchemaOf(operation.Answers) } };
        var described = new JsonObject
        {
            ["summary"] = operation.Summary,
            ["operationId"] = $"{operation.Method.ToLowerInvariant()}{string.Concat(operation.Path.Split('/', '.').Skip(2).Select(part => part.Trim('{', '}')).Select(part => $"{char.ToUpperInvariant(part[0])}{part[1..]}"))}",
            ["security"] = operation.Role is null ? new JsonArray() : new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = Role(operation.Role), ["content"] = content } },
        };
        if (operation.Parameters.Count > 0)
        {
            described["parameters"] = new JsonArray([.. operation.Parameters.Select(parameter => (JsonNode)new JsonObject
            {
                ["name"] = parameter.Name,
                ["in"] = parameter.IsIn(operation.Path) ? "path" : "query",
                ["required"] = parameter.IsRequired,
                ["description"] = parameter.About,
                ["schema"] = new JsonObject { ["type"] = "string" },
            })]);
        }

        if (operation.Asks is not null)
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = SchemaOf(operation.Asks) } } };
        if (operation.AsksDocument.Length > 0)
            described["requestBody"] = new JsonObject { ["required"] = true, ["description"] = operation.AsksDocument, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } } };
        return described;
    }

    private static string Role(ApiRole? role) => role is { } least ? $"For the role {ApiGate.Word(least)} and those above it." : "For everybody.";

    private static JsonNode SchemaOf(JsonTypeInfo type) => type.GetJsonSchemaAsNode(new() { TreatNullObliviousAsNonNullable = true });
}
