namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>How a message travels, in a byte: <code>bits 0-1 delivery | bits 2-4 priority | bits 5-7 zero</code></summary>
internal readonly record struct MessageTraits(Delivery Delivery, byte Priority)
{
    public const byte MaxPriority = 7;

    public byte Value => (byte)((byte)Delivery | (Priority << 2));

    public static bool TryRead(byte value, out MessageTraits traits)
    {
        traits = new((Delivery)(value & 3), (byte)(value >> 2));
        return traits.Delivery is Delivery.Realtime or Delivery.Reliable && traits.Priority <= MaxPriority;
    }
}
