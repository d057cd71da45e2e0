using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>
/// Sends numbered messages over stream flows of a <see cref="TransportNet"/> and holds what arrives against the promise:
/// per life of the destination every flow's messages come once, in order, unchanged. A message's length and bytes
/// follow from its flow's label and its index; the first message of a flow carries the label.
/// </summary>
internal sealed class StreamTraffic
{
    private const int LabelBytes = 8;

    private readonly TransportNet _net;
    private readonly ulong _seed;
    private readonly byte[] _scratch = new byte[1 << 20];
    private readonly Dictionary<(int Node, BootEpoch Life, FlowId Flow), (ulong Label, ulong Count)> _received = [];
    private readonly HashSet<(int Node, BootEpoch Life, ulong Label)> _labels = [];
    private readonly List<Sending> _flows = [];

    public StreamTraffic(TransportNet net, ulong seed)
    {
        _net = net;
        _seed = seed;
        net.Application = OnApplication;
    }

    public IReadOnlyList<Sending> Flows => _flows;

    public int MaxLength { get; set; } = 4_000;

    /// <summary>How many messages a node takes when asked; tests of slow readers lower it.</summary>
    public Func<int, int> TakeLimit { get; set; } = _ => int.MaxValue;

    public Action<ReceivedMessage>? OnMessage { get; set; }

    public bool IsDone => _flows.TrueForAll(flow => flow.IsOver);

    public Sending Open(int from, int to, ServiceClass serviceClass, int messages, bool close = true)
    {
        Assert.Equal(OpenResult.Opened, _net.Layers[from].OpenStream(TransportNet.IdOf(to), serviceClass, 3, 0, out var handle));
        var flow = new Sending
        {
            From = from,
            To = to,
            FromLife = _net.Epochs[from],
            ToLife = _net.Epochs[to],
            Handle = handle,
            Label = (ulong)_flows.Count + 1,
            Messages = messages,
            Closes = close,
        };
        _flows.Add(flow);
        return flow;
    }

    public ulong ReceivedOf(Sending flow, BootEpoch life)
    {
        foreach (var ((node, inLife, _), (label, count)) in _received)
        {
            if (node == flow.To && inLife == life && label == flow.Label)
                return count;
        }

        return 0;
    }

    /// <summary>What must hold at the end for a flow, both of whose lives lasted: all of it, and nothing broken.</summary>
    public void CheckComplete(string context)
    {
        foreach (var flow in _flows)
        {
            if (flow.FromLife != _net.Epochs[flow.From] || flow.ToLife != _net.Epochs[flow.To])
                continue;
            var what = $"{context}: flow {flow.Label} of {flow.Messages} messages";
            Assert.True(flow.Broken is null, $"{what} broke: {flow.Broken}");
            Assert.True(flow.IsOver, $"{what} did not end: sent {flow.Sent}, confirmed {flow.Confirmed}, received {ReceivedOf(flow, flow.ToLife)}");
            Assert.True((ulong)flow.Messages == ReceivedOf(flow, flow.ToLife), $"{what}: received {ReceivedOf(flow, flow.ToLife)}");
            Assert.True((ulong)flow.Messages == flow.Confirmed, $"{what}: confirmed {flow.Confirmed}");
        }
    }

    private void OnApplication(int node)
    {
        var layer = _net.Layers[node];
        for (var left = TakeLimit(node); left > 0 && layer.TryReceive(_net.Now, out var message); left--)
        {
            OnMessage?.Invoke(message);
            if (message.Class != ServiceClass.Realtime)
                Check(node, message);
        }

        while (layer.TryPollEvent(out var happened))
            OnEvent(node, happened);
        foreach (var flow in _flows)
        {
            if (flow.From == node)
                SendMore(flow);
        }
    }

    private void SendMore(Sending flow)
    {
        if (flow.IsOver || flow.FromLife != _net.Epochs[flow.From])
            return;
        var layer = _net.Layers[flow.From];
        while (flow.Sent < flow.Messages && !flow.IsBlocked)
        {
            var message = Compose(flow.Label, (ulong)flow.Sent);
            var result = layer.Send(_net.Now, flow.Handle, message, out var number);
            if (result == SendResult.WouldBlock)
            {
                flow.IsBlocked = true;
                return;
            }

            // Broken, and the event that says so is still to be taken.
            if (result == SendResult.Closed)
                return;
            Assert.Equal(SendResult.Accepted, result);
            flow.Sent++;
            Assert.Equal((ulong)flow.Sent, number);
        }

        if (flow.Closes && flow.Sent == flow.Messages)
            layer.Close(_net.Now, flow.Handle);
    }

    private void OnEvent(int node, TransportEvent happened)
    {
        var flow = _flows.Find(f => f.From == node && f.FromLife == _net.Epochs[node] && f.Handle == happened.Flow && !f.IsOver);
        if (flow is null)
        {
            Assert.Equal(TransportEventKind.InboundEnded, happened.Kind);
            return;
        }

        Assert.True(happened.Messages >= flow.Confirmed, $"seed {_seed}: confirmations of flow {flow.Label} went back");
        Assert.True(happened.Messages <= (ulong)flow.Sent, $"seed {_seed}: flow {flow.Label} confirmed what was never sent");
        flow.Confirmed = happened.Messages;
        switch (happened.Kind)
        {
            case TransportEventKind.FlowWritable:
                flow.IsBlocked = false;
                break;
            case TransportEventKind.FlowBroken:
                flow.Broken = happened.Reason;
                flow.IsOver = true;
                break;
            case TransportEventKind.FlowClosed:
                flow.IsOver = true;
                break;
        }
    }

    private void Check(int node, ReceivedMessage message)
    {
        var key = (node, _net.Epochs[node], message.Flow);
        if (!_received.TryGetValue(key, out var state))
        {
            Assert.True(message.Payload.Length >= LabelBytes, $"seed {_seed}: {message.Flow} began with a message that is not its first");
            state = (BinaryPrimitives.ReadUInt64BigEndian(message.Payload), 0);
            Assert.True(_labels.Add((node, _net.Epochs[node], state.Label)), $"seed {_seed}: flow {state.Label} was delivered twice to one life");
        }

        var expected = Compose(state.Label, state.Count);
        Assert.True(
            message.Payload.SequenceEqual(expected),
            $"seed {_seed}: {message.Flow} (flow {state.Label}) message {state.Count}: {message.Payload.Length} bytes, {expected.Length} expected, or other bytes");
        state.Count++;
        Assert.Equal(state.Count, message.Number);
        _received[key] = state;
    }

    private ReadOnlySpan<byte> Compose(ulong label, ulong index)
    {
        var random = new SimRandom(SimRandom.Mix((_seed << 32) ^ (label << 20) ^ index));
        var length = random.Below(8) switch
        {
            0 => 0,
            1 => random.Below(MaxLength + 1),
            2 => Math.Min(MaxLength, 1_200 * (1 + random.Below(3))),
            _ => random.Below(Math.Min(MaxLength, 300) + 1),
        };
        var start = 0;
        if (index == 0)
        {
            length = Math.Max(length, LabelBytes);
            BinaryPrimitives.WriteUInt64BigEndian(_scratch, label);
            start = LabelBytes;
        }

        var message = _scratch.AsSpan(0, length);
        var pattern = random.Next();
        for (var i = start; i < length; i++)
            message[i] = (byte)((pattern >> ((i & 7) * 8)) + (ulong)(i >> 3));
        return message;
    }

    internal sealed class Sending
    {
        public required int From { get; init; }

        public required int To { get; init; }

        public required BootEpoch FromLife { get; init; }

        public required BootEpoch ToLife { get; init; }

        public required FlowHandle Handle { get; init; }

        public required ulong Label { get; init; }

        public required int Messages { get; set; }

        public required bool Closes { get; init; }

        public int Sent { get; set; }

        public ulong Confirmed { get; set; }

        public bool IsBlocked { get; set; }

        public bool IsOver { get; set; }

        public FlowEndReason? Broken { get; set; }
    }
}
