using System.Diagnostics;
using System.Net;
using WeCan.Bench.Shipped;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime;
using WeCan.Sockets;

namespace WeCan.Bench.Forward;

/// <summary>
/// A node at one end of what is measured, in the bench's own process: it sends messages of one size on a Bulk or Realtime flow, as
/// many as the way takes or so many a second, or counts those that come and how long they took. Everything but <see cref="Ask"/> and what it
/// says of itself happens on its loop.
/// </summary>
internal sealed class ForwardEnd : IOverlayHost, IDisposable
{
    private readonly P256KeyPair _key;
    private readonly OverlayDriver _driver;
    private readonly byte[] _message;
    private FlowHandle _flow;
    private double _perNanosecond;
    private MonoTime _startedAt;
    private readonly Duration? _deadline;
    private long _sent;
    private long _accepted;
    private long _received;
    private LatencyHistogram _delays = new();

    private ForwardEnd(NodeId id, P256KeyPair key, int size, Duration? deadline, Func<IDatagramEgress, IDatagramEgress>? wrap)
    {
        (Id, _key, _deadline) = (id, key, deadline);
        _message = new byte[size];
        _driver = OverlayDriver.Start(
            new()
            {
                Node = new() { Id = Id, Epoch = Epoch, Key = _key },
                Bind = new IPEndPoint(IPAddress.Loopback, 0),
                WrapEgress = wrap,
            },
            this);
    }

    /// <summary>A node that is in no network, and knows whom it is told.</summary>
    /// <param name="id">This node's number.</param>
    /// <param name="size">Bytes of a message.</param>
    public static ForwardEnd Alone(NodeId id, int size) => new(id, P256KeyPair.Generate(DeterministicRandom.FromNumber(id.Value)), size, deadline: null, wrap: null);

    /// <summary>A member of a network, which has links to those whose addresses the controller tells.</summary>
    /// <param name="network">Lets it in.</param>
    /// <param name="size">Bytes of a message.</param>
    /// <param name="deadline">What messages are worth on a Realtime flow; without it the flow is Bulk.</param>
    /// <param name="wrap">A stage before the socket.</param>
    public static ForwardEnd Enrol(ShippedNetwork network, int size, Duration? deadline = null, Func<IDatagramEgress, IDatagramEgress>? wrap = null)
    {
        var member = network.EnrolAsync(NodeRole.Edge).GetAwaiter().GetResult();
        var end = new ForwardEnd(member.Record.Number, member.Key, size, deadline, wrap) { Membership = member };
        member.Connect(end.Epoch, end._driver);
        return end;
    }

    public static void AwaitLinks(params ForwardEnd[] ends)
    {
        if (!Task.WaitAll([.. ends.Select(end => end.LinkUp.Task)], ForwardLimits.AnswerBound))
            throw new ForwardException("The links do not come up: this machine may be overloaded.");
    }

    public NodeId Id { get; }

    public BootEpoch Epoch { get; } = BootEpochSource.Next(TimeProvider.System, stateFile: null);

    /// <summary>Null where it is in no network.</summary>
    public ShippedMember? Membership { get; private init; }

    public P256PublicKey Key => _key.PublicKey;

    public int Port => _driver.LocalAddress.Port;

    public long Received => Volatile.Read(ref _received);

    /// <summary>Messages that the node took.</summary>
    public long Sent => Volatile.Read(ref _accepted);

    public TaskCompletionSource LinkUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MonoTime NextTimeout { get; private set; } = MonoTime.Never;

    /// <summary>Makes another node a peer, and the direct way the one to it.</summary>
    public void Join(NodeId peer, P256PublicKey key, NetAddress address) => Ask((node, now) =>
        node.TryAddPeer(now, peer, key, address) && node.TrySetRoute([Id, peer]) ? true : throw new ForwardException("The nodes cannot be joined."));

    /// <summary>The way to the last of these nodes is over the others, in this order.</summary>
    public void SetWay(params NodeId[] way) => Ask((node, _) =>
        node.TrySetRoute([Id, .. way]) ? true : throw new ForwardException("The nodes cannot be joined."));

    /// <summary>Sends to a node from now on; so many a second, or as many as the way takes.</summary>
    public void Start(NodeId destination, double perSecond) => Ask((node, now) =>
    {
        if (_flow == default && Open(node, destination) != OpenResult.Opened)
            throw new ForwardException("The flow cannot be opened.");
        (_perNanosecond, _startedAt, _sent) = (perSecond / 1e9, now, 0);
        NextTimeout = now;
        return true;
    });

    public void Halt() => Ask((_, _) =>
    {
        NextTimeout = MonoTime.Never;
        _perNanosecond = -1;
        return true;
    });

    /// <summary>How long messages took that came since the last call.</summary>
    public LatencyHistogram TakeDelays() => Ask((_, _) =>
    {
        var taken = _delays;
        _delays = new LatencyHistogram();
        return taken;
    });

    public void OnNotice(string notice) => Console.Error.WriteLine(notice);

    public void OnTimeout(Node node, MonoTime now)
    {
        var isPaced = _perNanosecond > 0;
        var due = isPaced ? (long)((now - _startedAt).Nanoseconds * _perNanosecond) : long.MaxValue;
        while (_sent < due)
        {
            BitConverter.TryWriteBytes(_message, Stopwatch.GetTimestamp());
            if (node.Send(now, _flow, _message, out _) != SendResult.Accepted)
                break;
            _sent++;
            Volatile.Write(ref _accepted, _accepted + 1);
        }

        // What could not be sent in time is not made up for: a burst would measure itself.
        _sent = Math.Max(_sent, isPaced ? due : 0);
        NextTimeout = isPaced ? now + ForwardLimits.Tick : MonoTime.Never;
    }

    public void OnMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        Volatile.Write(ref _received, _received + 1);
        _delays.Add((long)((Stopwatch.GetTimestamp() - BitConverter.ToInt64(message.Payload)) * (1e9 / Stopwatch.Frequency)));
    }

    public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened)
    {
        if (happened.Kind == TransportEventKind.FlowWritable && _perNanosecond == 0)
            NextTimeout = now;
        if (happened.Kind == TransportEventKind.FlowBroken)
            throw new ForwardException("The flow that was measured broke.");
    }

    public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
    {
        if (happened.Kind == NodeEventKind.LinkUp)
            LinkUp.TrySetResult();
    }

    public void Dispose()
    {
        _driver.Dispose();
        if (Membership is null)
            _key.Dispose();
    }

    private OpenResult Open(Node node, NodeId destination) => _deadline is { } deadline
        ? node.OpenRealtime(destination, 3, deadline, out _flow)
        : node.OpenStream(destination, ServiceClass.Bulk, 3, out _flow);

    private T Ask<T>(Func<Node, MonoTime, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _driver.Post((node, now) =>
        {
            try
            {
                answer.SetResult(question(node, now));
            }
            catch (ForwardException failure)
            {
                answer.SetException(failure);
            }
        });
        if (Task.WaitAny([answer.Task, _driver.Completion], ForwardLimits.AnswerBound) < 0)
            throw new ForwardException("A loop gave no answer: this machine may be overloaded.");
        if (_driver.Completion.IsFaulted)
            throw new ForwardException("A loop has ended by a fault.", _driver.Completion.Exception!);
        return answer.Task.GetAwaiter().GetResult();
    }
}
