using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WeCan.Hosting.Local;

/// <summary>How refusals cross the socket.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LocalProblem))]
internal sealed partial class LocalJson : JsonSerializerContext
{
    /// <summary>As people read it, who see it when they ask with curl; it is in no page of HTML.</summary>
    public static LocalJson Plain { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
