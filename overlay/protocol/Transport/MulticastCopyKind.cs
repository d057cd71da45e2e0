namespace WeCan.Protocol.Transport;

/// <summary>What the copies that a multicast flow is writing are for.</summary>
internal enum MulticastCopyKind : byte
{
    None = 0,

    /// <summary>A segment for the first time.</summary>
    First = 1,

    /// <summary>A segment that many of its destinations miss.</summary>
    Repair = 2,

    /// <summary>Nothing, so that destinations do not take an idle flow for a dead one.</summary>
    SignOfLife = 3,
}
