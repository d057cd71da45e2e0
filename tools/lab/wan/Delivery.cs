using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>
/// A packet that arrives. <see cref="Datagram"/> belongs to the network or pipe that gave it and is valid until that is
/// asked for the next one; sending in between does no harm to it.
/// </summary>
public readonly ref struct Delivery
{
    internal Delivery(MonoTime due, in PacketRoute route, ReadOnlySpan<byte> datagram)
    {
        Due = due;
        Route = route;
        Datagram = datagram;
    }

    /// <summary>When it arrived, which is before "now" where the caller came late.</summary>
    public MonoTime Due { get; }

    public PacketRoute Route { get; }

    public ReadOnlySpan<byte> Datagram { get; }
}
