namespace WeCan.Lab.Wan;

/// <summary>What became of a packet at the moment it was sent. A <see cref="LinkModel"/> gives the first four.</summary>
public enum PacketFate
{
    /// <summary>Under way; it arrives unless its host is down by then.</summary>
    Carried,

    /// <summary>Lost by chance, or because the link or one of its hosts was down.</summary>
    Lost,

    /// <summary>The queue before the link's rate was full.</summary>
    Overflowed,

    /// <summary>Larger than the mtu.</summary>
    TooBig,

    /// <summary>One of the addresses belongs to no host, or both to one.</summary>
    NoRoute,

    /// <summary>The emulator's own bound of packets under way is reached: a fault of the experiment, not of the network.</summary>
    Full,
}
