namespace WeCan.Contracts.Inspection;

/// <summary>One member of the network.</summary>
public sealed record NodeEntry
{
    public required int Number { get; init; }

    public required string Name { get; init; }

    /// <summary>"relay" or "edge".</summary>
    public required string Role { get; init; }

    public string Region { get; init; } = "";

    public string Site { get; init; } = "";

    public string Operator { get; init; } = "";

    public IReadOnlyList<string> Addresses { get; init; } = [];

    public required bool IsDraining { get; init; }

    /// <summary>Its peers complain of it: it carries nothing for others until it has proved itself.</summary>
    public required bool IsOut { get; init; }

    /// <summary>The policy has it in maintenance: it carries nothing for others.</summary>
    public required bool IsMaintained { get; init; }

    /// <summary>It has a session with the controller that answers.</summary>
    public required bool IsConnected { get; init; }

    /// <summary>What it runs, by its own word; empty while it is not connected.</summary>
    public string Software { get; init; } = "";

    /// <summary>Links that it and its peers can rely on; null where its reports do not count.</summary>
    public int? Links { get; init; }

    /// <summary>When its membership ends unless it renews.</summary>
    public required DateTimeOffset Expires { get; init; }
}
