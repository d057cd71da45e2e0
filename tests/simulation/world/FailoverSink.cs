using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.World;

/// <summary>The other end: notes when each Realtime message came, and holds Signal to its promise, each message once and in order.</summary>
internal sealed class FailoverSink
{
    private int _nextSignal;

    /// <summary>Which Realtime message came when, on this host's clock.</summary>
    public List<(int Index, MonoTime At)> Arrivals { get; } = [];

    /// <summary>Signal messages that were not the next one.</summary>
    public int OutOfTurn { get; private set; }

    /// <summary>Signal messages that came in their turn.</summary>
    public int InTurn => _nextSignal;

    public void Take(MonoTime now, in ReceivedMessage message)
    {
        var number = BinaryPrimitives.ReadInt32BigEndian(message.Payload);
        if (message.Class == ServiceClass.Realtime)
            Arrivals.Add((number, now));
        else if (number == _nextSignal)
            _nextSignal++;
        else
            OutOfTurn++;
    }
}
