namespace WeCan.Bench.Tunnel;

/// <summary>A node on a host of its own: hosts a and b are edges, all others relays.</summary>
internal sealed record NodeSpec(string Host, string Address)
{
    public string Role => Host is "a" or "b" ? "edge" : "relay";

    public string Name => $"{Role}-{Host}";
}
