using System.Text.Json.Nodes;

namespace WeCan.Bench.Tunnel;

/// <summary>A tunnel with the same port at both ends.</summary>
internal sealed record TunnelSpec(string Protocol, int Port)
{
    /// <summary>The class of a TCP tunnel, where it is not the default.</summary>
    public string? Class { get; init; }

    /// <summary>Over how many ways a UDP tunnel goes at once.</summary>
    public int Paths { get; init; } = 1;

    public JsonObject ToJson(string exit)
    {
        var made = new JsonObject { ["listen"] = $"{Protocol}://127.0.0.1:{Port}", ["exit"] = exit, ["target"] = $"127.0.0.1:{Port}" };
        if (Class is { } name)
            made["class"] = name;
        if (Paths > 1)
            made["paths"] = Paths;
        return made;
    }
}
