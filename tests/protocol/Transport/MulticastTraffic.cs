using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>
/// Sends numbered messages from node 0 to changing sets of the others and holds what arrives against the promise: in each
/// life of a destination, what was for it comes once, in order, unchanged and without a gap, but for what it had not got when it
/// was taken out: that may come or not, and then it goes on with the first message after. Every message carries its flow's label
/// and its index, and its bytes follow from them.
/// </summary>
internal sealed class MulticastTraffic
{
    private const int HeadBytes = 16;

    private readonly TransportNet _net;
    private readonly ulong _seed;
    private readonly byte[] _scratch = new byte[1 << 20];
    private readonly Dictionary<(int Node, BootEpoch Life, FlowId Flow), Receiving> _received = [];

    public MulticastTraffic(TransportNet net, ulong seed)
    {
        _net = net;
        _seed = seed;
        net.Application = OnApplication;
    }

    public List<Sending> Flows { get; } = [];

    public int MaxLength { get; set; } = 4_000;

    /// <summary>How many messages a node takes when asked; tests of slow readers lower it.</summary>
    public Func<int, int> TakeLimit { get; set; } = _ => int.MaxValue;

    /// <summary>Whom a flow's next message is for.</summary>
    public Action<Sending, EdgeSet> Choose { get; set; } = (_, _) => { };

    public bool IsDone => Flows.TrueForAll(flow => flow.IsOver);

    public Sending Open(ServiceClass serviceClass, int messages)
    {
        Assert.Equal(OpenResult.Opened, _net.Layers[0].OpenMulticast(serviceClass, 3, out var handle));
        var flow = new Sending { Handle = handle, Label = (ulong)Flows.Count + 1, Messages = messages };
        Flows.Add(flow);
        return flow;
    }

    /// <summary>How many of a flow's messages a node in its present life has received.</summary>
    public int ReceivedBy(int node, Sending flow) =>
        _received.Where(entry => entry.Key.Node == node && entry.Key.Life == _net.Epochs[node] && entry.Value.Label == flow.Label).Sum(entry => entry.Value.Count);

    /// <summary>Takes a node out of a flow; false if it is not in it.</summary>
    public bool TakeOut(Sending flow, int node)
    {
        if (!_net.Layers[0].RemoveDestination(_net.Now, flow.Handle, _net.EdgeOf(node)))
            return false;
        flow.Cuts.Add((node, flow.SentTo[node].Count));
        return true;
    }

    /// <summary>All that was sent to a destination which was never lost is there, and all of it was confirmed.</summary>
    public void CheckComplete(string context)
    {
        foreach (var flow in Flows)
        {
            Assert.True(flow.IsOver, $"{context}: flow {flow.Label} did not end: sent {flow.Sent}, confirmed {flow.Confirmed}");
            Assert.True(flow.Confirmed == (ulong)flow.Messages, $"{context}: flow {flow.Label} confirmed {flow.Confirmed} of {flow.Messages}");
            foreach (var (node, indexes) in flow.SentTo)
            {
                if (!flow.Lost.ContainsKey(node) && !flow.Cuts.Contains((node, indexes.Count)))
                    Assert.True(indexes.Count == DoneBy(node, flow), $"{context}: node {node} received up to {DoneBy(node, flow)} of {indexes.Count}");
            }
        }
    }

    /// <summary>How many of the messages to a node lie before the next that it may get.</summary>
    private int DoneBy(int node, Sending flow) =>
        _received.Where(entry => entry.Key.Node == node && entry.Key.Life == _net.Epochs[node] && entry.Value.Label == flow.Label).Sum(entry => entry.Value.Place);

    private void OnApplication(int node)
    {
        var layer = _net.Layers[node];
        for (var left = TakeLimit(node); left > 0 && layer.TryReceive(_net.Now, out var message); left--)
            Check(node, message);
        while (layer.TryPollEvent(out var happened))
        {
            if (node == 0)
                OnEvent(happened);
        }

        if (node != 0)
            return;
        foreach (var flow in Flows)
            SendMore(flow);
    }

    private void SendMore(Sending flow)
    {
        var layer = _net.Layers[0];
        while (!flow.IsOver && flow.Sent < Math.Min(flow.Messages, flow.Limit) && !flow.IsBlocked)
        {
            // A message that found no room keeps its destinations.
            if (!flow.HasChosen)
            {
                flow.Edges.Clear();
                Choose(flow, flow.Edges);
                flow.HasChosen = true;
            }

            var result = layer.SendMulticast(_net.Now, flow.Handle, flow.Edges, Compose(flow.Label, flow.Sent), out var number);
            if (result == SendResult.WouldBlock)
            {
                flow.IsBlocked = true;
                return;
            }

            Assert.Equal(SendResult.Accepted, result);
            Assert.Equal((ulong)flow.Sent + 1, number);
            flow.HasChosen = false;
            for (var node = 1; node < _net.Layers.Length; node++)
            {
                if (flow.Edges.Contains(_net.EdgeOf(node)))
                    flow.SentTo.GetOrAdd(node).Add(flow.Sent);
            }

            flow.Sent++;
        }

        if (flow.Sent == flow.Messages)
            layer.Close(_net.Now, flow.Handle);
    }

    private void OnEvent(TransportEvent happened)
    {
        if (happened.Kind == TransportEventKind.InboundEnded || Flows.Find(f => f.Handle == happened.Flow && !f.IsOver) is not { } flow)
            return;
        if (happened.Kind == TransportEventKind.DestinationLost)
        {
            var node = happened.Destination.Value - 1;
            flow.Lost[node] = happened.Reason;
            flow.ConfirmedAtLoss[node] = happened.Messages;
            flow.LossCount++;
            return;
        }

        Assert.True(happened.Messages >= flow.Confirmed, $"seed {_seed}: confirmations of flow {flow.Label} went back");
        Assert.True(happened.Messages <= (ulong)flow.Sent, $"seed {_seed}: flow {flow.Label} confirmed what was never sent");
        flow.Confirmed = happened.Messages;
        CheckConfirmed(flow);
        Assert.NotEqual(TransportEventKind.FlowBroken, happened.Kind);
        flow.IsBlocked &= happened.Kind != TransportEventKind.FlowWritable;
        flow.IsOver |= happened.Kind == TransportEventKind.FlowClosed;
    }

    /// <summary>What counts as confirmed by all was handed over, or lies in the layer, of every destination that was not lost and is in its first life.</summary>
    private void CheckConfirmed(Sending flow)
    {
        foreach (var (node, indexes) in flow.SentTo)
        {
            if (_net.Epochs[node].Value > _net.FirstLives || flow.Lost.ContainsKey(node) || TakeLimit(node) < int.MaxValue)
                continue;
            var due = indexes.TakeWhile(index => (ulong)index < flow.Confirmed).Count();
            if (!flow.Cuts.Exists(cut => cut.Node == node && cut.Place >= due))
                Assert.True(DoneBy(node, flow) >= due, $"seed {_seed}: node {node} has all up to {DoneBy(node, flow)}, confirmed are {due}");
        }
    }

    private void Check(int node, ReceivedMessage message)
    {
        var key = (node, _net.Epochs[node], message.Flow);
        Assert.True(message.Payload.Length >= HeadBytes, $"seed {_seed}: a message of {message.Payload.Length} bytes");
        var label = BinaryPrimitives.ReadUInt64BigEndian(message.Payload);
        var index = (int)BinaryPrimitives.ReadUInt64BigEndian(message.Payload[8..]);
        var flow = Flows.Find(known => known.Label == label)!;
        var sent = flow.SentTo[node];
        if (!_received.TryGetValue(key, out var state))
        {
            // In its first life a destination gets what was for it from the first on; a later one begins anywhere.
            state = new Receiving { Label = label, Place = sent.IndexOf(index) };
            var mayBegin = state.Place == 0 || (state.Place > 0 && _net.Epochs[node].Value > _net.FirstLives) || flow.Cuts.Contains((node, state.Place));
            Assert.True(mayBegin, $"seed {_seed}: node {node} begins with {index}");
            _received[key] = state;
        }

        if (sent.IndexOf(index) is var place && place > state.Place && flow.Cuts.Contains((node, place)))
            state.Place = place;

        Assert.Equal(state.Label, label);
        Assert.True(sent[state.Place] == index, $"seed {_seed}: node {node} received {index} of flow {label}, expected was {sent[state.Place]}");
        Assert.True(message.Payload.SequenceEqual(Compose(label, index)), $"seed {_seed}: node {node}: message {index} of flow {label} has other bytes");
        state.Place++;
        state.Count++;
        Assert.Equal((ulong)state.Count, message.Number);
    }

    private ReadOnlySpan<byte> Compose(ulong label, int index)
    {
        var random = new SimRandom(SimRandom.Mix((_seed << 32) ^ (label << 20) ^ (ulong)index));
        var length = HeadBytes + random.Below(8) switch
        {
            0 => 0,
            1 => random.Below(MaxLength + 1 - HeadBytes),
            2 => Math.Min(MaxLength - HeadBytes, 1_008 + (1_200 * random.Below(3))),
            _ => random.Below(Math.Min(MaxLength - HeadBytes, 300) + 1),
        };
        var message = _scratch.AsSpan(0, length);
        BinaryPrimitives.WriteUInt64BigEndian(message, label);
        BinaryPrimitives.WriteUInt64BigEndian(message[8..], (ulong)index);
        var pattern = random.Next();
        for (var i = HeadBytes; i < length; i++)
            message[i] = (byte)((pattern >> ((i & 7) * 8)) + (ulong)(i >> 3));
        return message;
    }

    internal sealed class Sending
    {
        public required FlowHandle Handle { get; init; }

        public required ulong Label { get; init; }

        public required int Messages { get; init; }

        /// <summary>The application goes no further than this for now.</summary>
        public int Limit { get; set; } = int.MaxValue;

        public EdgeSet Edges { get; } = new();

        public bool HasChosen { get; set; }

        public int Sent { get; set; }

        public ulong Confirmed { get; set; }

        public bool IsBlocked { get; set; }

        public bool IsOver { get; set; }

        public int LossCount { get; set; }

        public SentLists SentTo { get; } = [];

        /// <summary>Where nodes were taken out: how many messages each had been sent by then.</summary>
        public List<(int Node, int Place)> Cuts { get; } = [];

        public Dictionary<int, FlowEndReason> Lost { get; } = [];

        public Dictionary<int, ulong> ConfirmedAtLoss { get; } = [];
    }

    internal sealed class SentLists : Dictionary<int, List<int>>
    {
        public List<int> GetOrAdd(int node)
        {
            if (!TryGetValue(node, out var list))
                this[node] = list = [];
            return list;
        }
    }

    private sealed class Receiving
    {
        public required ulong Label { get; init; }

        public required int Place { get; set; }

        public int Count { get; set; }
    }
}
