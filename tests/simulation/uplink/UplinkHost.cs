using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Tests.Uplinks;

/// <summary>A node whose applications send Bulk as fast as it is taken, and Realtime and Signal at a steady pace, and note what comes.</summary>
internal sealed class UplinkHost(Node node) : ISimHost, IDisposable
{
    /// <summary>Messages of a flow that its application lets wait for confirmation, so that none takes all of the node's memory.</summary>
    private const ulong MaxUnconfirmed = 60;

    /// <summary>Of a Realtime message.</summary>
    public static readonly Duration Deadline = Duration.FromMilliseconds(150);

    private readonly List<Filler> _bulk = [];
    private readonly List<Ticker> _steady = [];

    public Node Node => node;

    /// <summary>Bytes of Bulk messages that came.</summary>
    public long BulkBytes { get; private set; }

    /// <summary>How long each message that came at a steady pace took; all clocks of a run show the same.</summary>
    public List<Duration> Delays { get; } = [];

    /// <summary>Messages sent at a steady pace.</summary>
    public int SteadySent { get; private set; }

    public int LinksDown { get; private set; }

    public MonoTime NextTimeout
    {
        get
        {
            var next = node.NextTimeout;
            foreach (var ticker in _steady)
                next = MonoTime.Min(next, ticker.NextAt);
            return next;
        }
    }

    public void BeginBulk(NodeId to, int messageBytes)
    {
        if (node.OpenStream(to, ServiceClass.Bulk, 0, out var flow) != OpenResult.Opened)
            throw new InvalidOperationException("A node refuses a Bulk flow.");
        _bulk.Add(new(flow, new byte[messageBytes]));
    }

    public void EndBulk() => _bulk.Clear();

    public void BeginSteady(MonoTime now, NodeId to, ServiceClass serviceClass, int messageBytes, Duration every)
    {
        var opened = serviceClass == ServiceClass.Realtime
            ? node.OpenRealtime(to, 4, Deadline, out var flow)
            : node.OpenStream(to, serviceClass, 4, out flow);
        if (opened != OpenResult.Opened)
            throw new InvalidOperationException($"A node refuses a {serviceClass} flow.");
        _steady.Add(new(flow, new byte[messageBytes], every) { NextAt = now });
    }

    public void EndSteady() => _steady.Clear();

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => node.HandleDatagram(now, from, datagram);

    public void HandleTimeout(MonoTime now)
    {
        if (node.NextTimeout <= now)
            node.HandleTimeout(now);
        foreach (var ticker in _steady)
        {
            for (; ticker.NextAt <= now; ticker.NextAt += ticker.Every)
            {
                BinaryPrimitives.WriteInt64LittleEndian(ticker.Message, now.Nanoseconds);
                node.Send(now, ticker.Flow, ticker.Message, out _);
                SteadySent++;
            }
        }
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        do
        {
            if (node.TryPollTransmit(now, buffer, out to, out length))
                return true;
        }
        while (Drain(now));
        return false;
    }

    public void Dispose() => node.Dispose();

    private bool Drain(MonoTime now)
    {
        var any = false;
        while (node.TryReceive(now, out var message))
        {
            any = true;
            if (message.Class == ServiceClass.Bulk)
                BulkBytes += message.Payload.Length;
            else
                Delays.Add(now - new MonoTime(BinaryPrimitives.ReadInt64LittleEndian(message.Payload)));
        }

        while (node.TryPollTransportEvent(out var happened))
        {
            if (_bulk.Find(filler => filler.Flow == happened.Flow) is { } filler)
                (filler.IsBlocked, filler.Confirmed) = (false, Math.Max(filler.Confirmed, happened.Messages));
        }

        while (node.TryPollEvent(out var happened))
            LinksDown += happened.Kind == NodeEventKind.LinkDown ? 1 : 0;
        foreach (var filler in _bulk)
        {
            while (!filler.IsBlocked && filler.Sent - filler.Confirmed < MaxUnconfirmed)
            {
                filler.IsBlocked = node.Send(now, filler.Flow, filler.Message, out _) != SendResult.Accepted;
                filler.Sent += filler.IsBlocked ? 0UL : 1;
                any = true;
            }
        }

        return any;
    }

    private sealed class Filler(FlowHandle flow, byte[] message)
    {
        public FlowHandle Flow => flow;

        public byte[] Message => message;

        public bool IsBlocked { get; set; }

        public ulong Sent { get; set; }

        public ulong Confirmed { get; set; }
    }

    private sealed class Ticker(FlowHandle flow, byte[] message, Duration every)
    {
        public FlowHandle Flow => flow;

        public byte[] Message => message;

        public Duration Every => every;

        public MonoTime NextAt { get; set; }
    }
}
