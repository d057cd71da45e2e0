using WeCan.Bench.Shipped;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Runtime;
using WeCan.Sockets;

namespace WeCan.Bench.Forward;

/// <summary>Two nodes in the bench's own process whose only way to each other is a relay as it ships, all of them members of one network.</summary>
internal sealed class RelayedPair : IDisposable
{
    private readonly ShippedNetwork _network = new();

    /// <param name="size">Bytes of a message.</param>
    /// <param name="deadline">What messages are worth on a Realtime flow; without it the flow is Bulk.</param>
    /// <param name="wrapSource">A stage before the source's socket.</param>
    public RelayedPair(int size, Duration? deadline = null, Func<IDatagramEgress, IDatagramEgress>? wrapSource = null)
    {
        try
        {
            Relay = _network.StartRelay();
            Sink = ForwardEnd.Enrol(_network, size, deadline);
            Source = ForwardEnd.Enrol(_network, size, deadline, wrapSource);
            ForwardEnd.AwaitLinks(Sink, Source);
            var relay = Source.Membership!.FindFirst(NodeRole.Relay)!;
            Address = relay.Addresses[0];
            Source.SetWay(relay.Number, Sink.Id);
            Sink.SetWay(relay.Number, Source.Id);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public MeteredDaemon Relay { get; }

    /// <summary>Where the relay is reached.</summary>
    public NetAddress Address { get; }

    public ForwardEnd Source { get; } = null!;

    public ForwardEnd Sink { get; } = null!;

    public void Dispose()
    {
        Source?.Dispose();
        Sink?.Dispose();
        _network.Dispose();
    }
}
