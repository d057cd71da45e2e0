namespace WeCan.MessageBus;

/// <summary>How a message travels.</summary>
public enum DeliveryMode
{
    /// <summary>
    /// Before its deadline or not at all, once at most and in no promised order: for what is worth nothing later, as voice. Publishing completes when it is
    /// on its way, and nobody is told what did not arrive.
    /// </summary>
    Realtime = 1,

    /// <summary>Once, in its publisher's order, to every subscription that was confirmed before.</summary>
    Reliable = 2,
}
