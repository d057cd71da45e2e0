using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>One thing that can be asked: what the API serves, who may ask for it, and what its document says of it.</summary>
internal sealed record ApiOperation(string Method, string Path, string Summary, Func<HttpContext, Task<LocalAnswer?>> Answer)
{
    /// <summary>The least role that may; null for everybody.</summary>
    public ApiRole? Role { get; init; } = ApiRole.Viewer;

    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>What the body of the request is; null for none, or for what is no type of this API.</summary>
    public JsonTypeInfo? Asks { get; init; }

    /// <summary>The body is a JSON document of its own; this says which.</summary>
    public string AsksDocument { get; init; } = "";

    /// <summary>What is answered; null for what is no JSON of ours.</summary>
    public JsonTypeInfo? Answers { get; init; }

    public string ContentType { get; init; } = "application/json";
}
