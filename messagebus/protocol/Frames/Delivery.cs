namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>How a message travels. The numbers go over the wire; 3 is kept for what is stored.</summary>
internal enum Delivery : byte
{
    /// <summary>Before its deadline or not at all.</summary>
    Realtime = 1,

    /// <summary>Once, and in its publisher's order, for every subscription that was confirmed before.</summary>
    Reliable = 2,
}
