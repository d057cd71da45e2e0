using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Overload;

/// <summary>A shipped node, on which applications send Realtime messages at uneven times once they are told to begin, and which notes what comes.</summary>
internal sealed class OverloadHost(Node node, ulong seed) : ISimHost, IDisposable
{
    public const int MessageBytes = 1_000;

    private readonly List<Ticker> _tickers = [];
    private readonly List<Arrival> _arrivals = [];
    private readonly DeterministicRandom _random = DeterministicRandom.FromNumber(seed);

    public Node Node => node;

    /// <summary>Which flow sent a message when, on this host's clock.</summary>
    public List<(byte Flow, MonoTime At)> Sent { get; } = [];

    /// <summary>What came, on this host's clock.</summary>
    public IReadOnlyList<Arrival> Arrivals => _arrivals;

    public MonoTime NextTimeout
    {
        get
        {
            var next = node.NextTimeout;
            foreach (var ticker in _tickers)
                next = MonoTime.Min(next, ticker.NextAt);
            return next;
        }
    }

    /// <summary>Opens a flow that sends a message every so often, at the mean.</summary>
    public void Begin(MonoTime now, NodeId to, byte priority, Duration deadline, Duration every)
    {
        if (node.OpenRealtime(to, priority, deadline, out var flow) != OpenResult.Opened)
            throw new InvalidOperationException("A node refuses a Realtime flow.");
        _tickers.Add(new(flow, (byte)_tickers.Count, every) { NextAt = now });
    }

    public void End() => _tickers.Clear();

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => node.HandleDatagram(now, from, datagram);

    public void HandleTimeout(MonoTime now)
    {
        if (node.NextTimeout <= now)
            node.HandleTimeout(now);
        foreach (var ticker in _tickers)
        {
            while (ticker.NextAt <= now)
            {
                BinaryPrimitives.WriteInt64LittleEndian(ticker.Message, now.Nanoseconds);
                node.Send(now, ticker.Flow, ticker.Message, out _);
                Sent.Add((ticker.Message[sizeof(long)], now));
                ticker.NextAt += (ticker.Every / 2) + Duration.FromNanoseconds((long)(_random.NextDouble() * ticker.Every.Nanoseconds));
            }
        }
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        while (node.TryReceive(now, out var message))
            _arrivals.Add(new(message.Payload[sizeof(long)], new(BinaryPrimitives.ReadInt64LittleEndian(message.Payload)), now));
        while (node.TryPollEvent(out _) || node.TryPollTransportEvent(out _))
        {
        }

        return node.TryPollTransmit(now, buffer, out to, out length);
    }

    public void Dispose() => node.Dispose();

    /// <summary>A message that came: of which flow, when it was sent on its sender's clock, and when it came on this host's.</summary>
    internal readonly record struct Arrival(byte Flow, MonoTime SentAt, MonoTime At);

    private sealed class Ticker(FlowHandle flow, byte number, Duration every)
    {
        public FlowHandle Flow => flow;

        public byte[] Message { get; } = MakeMessage(number);

        public Duration Every => every;

        public MonoTime NextAt { get; set; }

        private static byte[] MakeMessage(byte number)
        {
            var message = new byte[MessageBytes];
            message[sizeof(long)] = number;
            return message;
        }
    }
}
