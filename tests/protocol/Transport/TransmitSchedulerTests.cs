using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

public sealed class TransmitSchedulerTests
{
    private static readonly MonoTime Now = MonoTime.FromSeconds(5);
    private readonly TransportLayer _layer = new(new BootEpoch(1), TransportOptions.Default);
    private readonly byte[] _buffer = new byte[TransportLimits.MaxPacket];

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

    private void OpenWith(NodeId destination, ServiceClass serviceClass, int routeToken, int messages)
    {
        Assert.Equal(OpenResult.Opened, _layer.OpenStream(destination, serviceClass, 0, routeToken, out var flow));
        for (var i = 0; i < messages; i++)
            Assert.Equal(SendResult.Accepted, _layer.Send(Now, flow, [1], out _));
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
