using WeCan.Contracts;
using WeCan.Lab.Messages;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Lab.Flows;

/// <summary>
/// One flow at its origin: sends a message each time one is due, on the loop. A message that finds no room is sent later, and its
/// delay counts from when it was due: a slow network does not slow the clock that it is measured by.
/// </summary>
internal sealed class FlowSource
{
    private static readonly Duration Interval = Duration.FromSeconds(1) / LabLimits.MessagesPerSecond;

    private readonly ServiceClass _class;
    private readonly string _to;
    private readonly FlowMessages _messages;
    private readonly byte[] _buffer = new byte[FlowMessages.MaxBytes];
    private readonly Duration _toLocal;
    private readonly MonoTime _start;
    private long _sent;
    private long _bytes;
    private long _confirmed;
    private long _blocked;
    private bool _isBroken;
    private bool _isHalted;

    private FlowSource(ServiceClass serviceClass, string to, FlowHandle flow, MonoTime now, Duration toLocal)
    {
        _class = serviceClass;
        _to = to;
        Flow = flow;
        _messages = new FlowMessages(serviceClass);
        _toLocal = toLocal;
        _start = now;
        NextDue = now;
    }

    public FlowHandle Flow { get; }

    public MonoTime NextDue { get; private set; }

    /// <param name="toLocal">What makes a time of the node's clock one of <see cref="LocalTime"/>.</param>
    public static FlowSource Open(Node node, MonoTime now, ServiceClass serviceClass, string to, Duration toLocal)
    {
        const byte Priority = 3;
        var destination = LabPlan.IdOf(to);
        var result = serviceClass == ServiceClass.Realtime
            ? node.OpenRealtime(destination, Priority, LabLimits.RealtimeDeadline, out var flow)
            : node.OpenStream(destination, serviceClass, Priority, out flow);
        return result == OpenResult.Opened
            ? new FlowSource(serviceClass, to, flow, now, toLocal)
            : throw new LabException($"A {serviceClass} flow to {to} cannot be opened: {result}.");
    }

    public void Advance(Node node, MonoTime now)
    {
        for (var i = 0; i < LabLimits.SendsPerVisit && NextDue <= now && !_isHalted; i++)
        {
            var due = _start + (Interval * _sent);
            var length = _messages.Write(_sent, (due + _toLocal).Nanoseconds, _buffer);
            switch (node.Send(now, Flow, _buffer.AsSpan(0, length), out _))
            {
                case SendResult.Accepted:
                    _sent++;
                    _bytes += length;
                    NextDue = _start + (Interval * _sent);
                    break;
                case SendResult.WouldBlock:
                    _blocked++;
                    NextDue = now + LabLimits.RetryAfter;
                    break;
                default:
                    _isBroken = true;
                    Halt();
                    break;
            }
        }
    }

    public void Handle(in TransportEvent happened, MonoTime now)
    {
        if (happened.Kind == TransportEventKind.Confirmed)
            _confirmed = (long)happened.Messages;
        if (happened.Kind == TransportEventKind.FlowBroken)
        {
            _isBroken = true;
            Halt();
        }

        if (happened.Kind == TransportEventKind.FlowWritable && !_isHalted)
            NextDue = MonoTime.Min(NextDue, now);
    }

    public void Halt()
    {
        _isHalted = true;
        NextDue = MonoTime.Never;
    }

    public SourceReport Report() => new(_class, _to, _sent, _bytes, _confirmed, _blocked, _isBroken);
}
