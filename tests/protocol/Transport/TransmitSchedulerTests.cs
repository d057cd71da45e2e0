using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

public sealed class TransmitSchedulerTests
{
    private static readonly MonoTime Now = MonoTime.FromSeconds(5);
    private readonly TransportLayer _layer = new(new BootEpoch(1), TransportOptions.Default);
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];

    [Fact]
    public void HigherClassesGoFirstAndBulkIsNeverStarved()
    {
        OpenWith(new NodeId(2), ServiceClass.Bulk, 0, 30);
        OpenWith(new NodeId(2), ServiceClass.Signal, 0, 32);
        OpenWith(new NodeId(3), ServiceClass.Signal, 0, 32);
        var order = Poll(new CountingGate()).Select(transmit => transmit.Class).ToList();
        Assert.Equal(94, order.Count);
        Assert.All(order.Take(16), c => Assert.Equal(ServiceClass.Signal, c));
        Assert.Equal(ServiceClass.Bulk, order[16]);
        Assert.Equal(3, order.Take(64).Count(c => c == ServiceClass.Bulk));
    }

    [Fact]
    public void FlowsAndRoutesTakeTurns()
    {
        OpenWith(new NodeId(2), ServiceClass.Signal, 1, 4);
        OpenWith(new NodeId(2), ServiceClass.Signal, 2, 4);
        OpenWith(new NodeId(3), ServiceClass.Signal, 1, 4);
        var order = Poll(new CountingGate()).Select(transmit => (transmit.Destination, transmit.RouteToken)).ToList();
        Assert.Equal(12, order.Count);
        for (var i = 0; i < 12; i += 3)
            Assert.Equal(3, order.Skip(i).Take(3).Distinct().Count());
    }

    [Fact]
    public void AShutRouteIsAskedAboutOncePerRoundAndHoldsUpNoOther()
    {
        OpenWith(new NodeId(2), ServiceClass.Signal, 1, 10);
        OpenWith(new NodeId(3), ServiceClass.Signal, 1, 10);
        var gate = new CountingGate { Shut = new NodeId(2) };
        Assert.All(Poll(gate), transmit => Assert.Equal(new NodeId(3), transmit.Destination));
        Assert.Equal(1, gate.AskedAboutShut);
        gate.Shut = NodeId.None;
        Assert.Equal(10, Poll(gate).Count);
    }

    [Fact]
    public void HigherPrioritiesGoFirstAndTheLowestIsNeverStarved()
    {
        OpenWith(new NodeId(2), ServiceClass.Signal, 0, 32, priority: 0);
        OpenWith(new NodeId(2), ServiceClass.Signal, 0, 32, priority: 7);
        OpenWith(new NodeId(3), ServiceClass.Signal, 0, 32, priority: 7);
        OpenWith(new NodeId(2), ServiceClass.Signal, 0, 32, priority: 3);
        var order = Poll(new CountingGate()).Select(transmit => transmit.Priority).ToList();
        Assert.Equal(128, order.Count);
        Assert.All(order.Take(16), priority => Assert.Equal(7, priority));
        Assert.Equal(4, order.Take(68).Count(priority => priority == 0));
        Assert.Equal(64, order.Take(72).Count(priority => priority == 7));
        Assert.Equal(0, order[^1]);
    }

    /// <summary>One that is in line again before its packet is written has its turn once, and pushes no other out.</summary>
    [Fact]
    public void MulticastFlowsTakeTurnsWhoeverComesBetween()
    {
        _layer.SetEdge(1, new NodeId(2));
        var flows = Enumerable.Range(0, 3).Select(_ => OpenMulticast()).ToList();
        var order = new List<int>();
        foreach (var flow in flows)
        {
            SendTo(flow, 20);
            order.AddRange(PollNumbers(1));
        }

        order.AddRange(PollNumbers(100));
        Assert.Equal([20, 20, 20], order.GroupBy(number => number).Select(turns => turns.Count()));
        Assert.All(Enumerable.Range(3, 15), turn => Assert.Equal(3, order.Skip(turn * 3).Take(3).Distinct().Count()));
    }

    /// <summary>When the window has room again, the highest priority takes it, whoever waited longer.</summary>
    [Fact]
    public void PrioritiesShareAWindowAndTheHighestGoesFirst()
    {
        for (var i = 0; i < 8; i++)
            OpenWith(new NodeId(2), ServiceClass.Bulk, 0, 32, priority: 1);
        Assert.Equal(TransportLimits.FirstPathWindow, Poll(new CountingGate()).Count);
        OpenWith(new NodeId(2), ServiceClass.Bulk, 0, 32, priority: 6);
        Assert.Empty(Poll(new CountingGate()));
        _layer.HandleTimeout(Now + Duration.FromSeconds(2));
        var order = Poll(new CountingGate()).Select(transmit => transmit.Priority).ToList();
        Assert.Equal(32, order.Count(priority => priority == 6));
        Assert.InRange(order.Take(40).Count(priority => priority == 6), 28, 32);
    }

    private void OpenWith(NodeId destination, ServiceClass serviceClass, int routeToken, int messages, byte priority = 0)
    {
        Assert.Equal(OpenResult.Opened, _layer.OpenStream(destination, serviceClass, priority, routeToken, out var flow));
        for (var i = 0; i < messages; i++)
            Assert.Equal(SendResult.Accepted, _layer.Send(Now, flow, [1], out _));
    }

    private FlowHandle OpenMulticast()
    {
        Assert.Equal(OpenResult.Opened, _layer.OpenMulticast(ServiceClass.Signal, 3, out var flow));
        return flow;
    }

    private void SendTo(FlowHandle flow, int messages)
    {
        var edges = new EdgeSet();
        edges.Add(1);
        for (var i = 0; i < messages; i++)
            Assert.Equal(SendResult.Accepted, _layer.SendMulticast(Now, flow, edges, [1], out _));
    }

    /// <summary>The numbers of the flows whose packets come.</summary>
    private IEnumerable<int> PollNumbers(int most)
    {
        var gate = new CountingGate { Shut = new NodeId(9) };
        for (var i = 0; i < most && _layer.TryPollTransmit(Now, ref gate, _buffer, out _, out var length); i++)
        {
            Assert.True(MulticastSegmentHeader.TryRead(_buffer.AsSpan(0, length), edge: 1, out var header, out _));
            yield return (int)header.Flow;
        }
    }

    private List<TransportTransmit> Poll(CountingGate gate)
    {
        var sent = new List<TransportTransmit>();
        while (_layer.TryPollTransmit(Now, ref gate, _buffer, out var transmit, out _))
            sent.Add(transmit);
        return sent;
    }

    private sealed class CountingGate : ITransmitGate
    {
        public NodeId Shut { get; set; }

        public int AskedAboutShut { get; private set; }

        public bool HasRoom(NodeId destination, int routeToken, ServiceClass serviceClass)
        {
            if (destination != Shut)
                return true;
            AskedAboutShut++;
            return false;
        }
    }
}
