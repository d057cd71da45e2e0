namespace WeCan.Protocol.Handshakes;

/// <summary>What a handshake between nodes makes keys for. The name that each purpose mixes in first keeps a message or key of one from serving the other.</summary>
public enum HandshakePurpose : byte
{
    /// <summary>A link between neighbours: docs/wire-format.md, section 3.7.</summary>
    Link = 0,

    /// <summary>A session between two edges: docs/wire-format.md, section 7.8.</summary>
    Edges = 1,
}
