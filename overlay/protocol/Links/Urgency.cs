namespace WeCan.Protocol.Links;

/// <summary>
/// How urgent a datagram is beside those of a node's other links, the most urgent first; also a set of these, of what a
/// link could send now or may. A link that may send something of one kind fills the datagram up with more urgent things, never with less
/// urgent ones.
/// </summary>
[Flags]
internal enum Urgency : byte
{
    None = 0,

    /// <summary>Signs of life, questions and answers, keys, a farewell, and what breaks a silence: without it links die.</summary>
    Vital = 1,

    /// <summary>Acknowledgements, Control, Realtime and its repairs.</summary>
    Prompt = 2,

    Signal = 4,

    /// <summary>Bulk, and probes of the datagram size.</summary>
    Bulk = 8,

    /// <summary>The link alone decides.</summary>
    All = Vital | Prompt | Signal | Bulk,
}
