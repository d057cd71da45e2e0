using System.Text.Json;

namespace WeCan.Contracts.Inspection;

/// <summary>One version of the routing policy.</summary>
public sealed record PolicyReport
{
    /// <summary>0 where nobody has set any.</summary>
    public required long Version { get; init; }

    /// <summary>When it was set; null for version 0.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Who set it: a token with its name, or a user of the controller's machine.</summary>
    public required string Who { get; init; }

    /// <summary>What was said of it.</summary>
    public required string Comment { get; init; }

    /// <summary>The policy itself.</summary>
    public required JsonElement Document { get; init; }
}
