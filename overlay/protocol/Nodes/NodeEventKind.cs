namespace WeCan.Protocol.Nodes;

/// <summary>The kinds of <see cref="NodeEvent"/>.</summary>
public enum NodeEventKind : byte
{
    /// <summary>A link to a member stands and is in use.</summary>
    LinkUp = 1,

    /// <summary>The link in use died: silence, worn-out keys, or the peer's word.</summary>
    LinkDown = 2,

    /// <summary>A client's link stands.</summary>
    ClientUp = 3,

    /// <summary>A client's link is gone.</summary>
    ClientDown = 4,
}
