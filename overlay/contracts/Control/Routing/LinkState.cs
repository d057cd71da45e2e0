namespace WeCan.Contracts.Control.Routing;

/// <summary>How a link stands, as the node at one end of it sees it. The values are the wire's.</summary>
public enum LinkState : byte
{
    /// <summary>There is no link, or none any more.</summary>
    Gone = 0,

    /// <summary>There is one, and it has yet to prove itself since the one before it died, or to be measured.</summary>
    Up = 1,

    /// <summary>It can be relied on, and was measured.</summary>
    Proven = 2,
}
