using WeCan.Contracts;

namespace WeCan.Simulation;

/// <summary>
/// One program of the simulation, driven by the protocol's own contract: after every call of any kind the loop polls it
/// until it has nothing left to send, and then reads when to wake it. All times are on the host's own clock. One that is
/// <see cref="IDisposable"/> is disposed when it crashes and when the simulation ends.
/// </summary>
public interface ISimHost
{
    /// <summary>When <see cref="HandleTimeout"/> wants to be called; Never if it does not.</summary>
    MonoTime NextTimeout { get; }

    /// <summary>The datagram's bytes are the host's only until it returns.</summary>
    void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram);

    void HandleTimeout(MonoTime now);

    bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length);
}
