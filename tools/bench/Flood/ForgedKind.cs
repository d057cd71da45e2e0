namespace WeCan.Bench.Flood;

/// <summary>What a flood is made of.</summary>
internal enum ForgedKind
{
    /// <summary>Some of each.</summary>
    Mixed,

    /// <summary>Bytes at random.</summary>
    Random,

    /// <summary>Sealed packets of a link that exists, which no key opens.</summary>
    Link,

    /// <summary>Initiations whose first check fails.</summary>
    Initiation,

    /// <summary>Copies of real datagrams.</summary>
    Replay,
}
