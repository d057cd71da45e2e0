namespace WeCan.Protocol.Handshakes;

/// <summary>A client of an edge, as its token names it. Never a node's number. Zero is none.</summary>
public readonly record struct ClientId(ulong Value)
{
    public static readonly ClientId None;

    public override string ToString() => $"c{Value:x}";
}
