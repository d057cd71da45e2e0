using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Simulation.Swarm;

namespace WeCan.Simulation.Tests.Swarm;

/// <summary>Stands between the nodes' applications and the judge, and tells it one lie, once the flow it is about has gone on for a while.</summary>
internal sealed class LyingWitness(ISwarmWitness judge, Lie lie) : ISwarmWitness
{
    private const int TruthsBefore = 20;

    private readonly Dictionary<(int Place, FlowId Flow), int> _delivered = [];
    private (int Place, FlowId Flow)? _victim;
    private byte[]? _held;
    private ulong _heldNumber;
    private int _since;
    private int _fromClients;

    public bool HasLied { get; private set; }

    public FlowUse OnOpened(SwarmFlow flow, BootEpoch life) => judge.OnOpened(flow, life);

    public void OnAccepted(FlowUse use, ulong number, int size)
    {
        judge.OnAccepted(use, number, size);
        if (lie == Lie.ConfirmEarly && !HasLied && use.Flow is { IsRealtime: false, SlowReader: false } && number == TruthsBefore)
        {
            HasLied = true;
            judge.OnConfirmed(use, number);
        }
    }

    public void OnConfirmed(FlowUse use, ulong messages)
    {
        if (lie == Lie.ConfirmNothing)
            HasLied = true;
        else
            judge.OnConfirmed(use, messages);
    }

    public void OnEnded(FlowUse use, in TransportEvent end)
    {
        if (lie == Lie.BreakAsRemoved && end.Kind == TransportEventKind.FlowClosed)
        {
            HasLied = true;
            judge.OnEnded(use, end with { Kind = TransportEventKind.FlowBroken, Reason = FlowEndReason.Revoked });
            return;
        }

        if (lie == Lie.BreakForNoReason && end.Kind == TransportEventKind.FlowClosed)
        {
            HasLied = true;
            judge.OnEnded(use, end with { Kind = TransportEventKind.FlowBroken, Reason = FlowEndReason.Forgotten });
            return;
        }

        judge.OnEnded(use, end);
    }

    public SwarmFlow? OnDelivered(int place, BootEpoch life, FlowId flow, ServiceClass serviceClass, ulong number, ReadOnlySpan<byte> payload)
    {
        var isAbout = (serviceClass == ServiceClass.Realtime) == (lie is Lie.RepeatRealtime or Lie.DelayRealtime or Lie.ChangeRealtime or Lie.RepeatRealtimeMulticast)
            && (flow.Number > int.MaxValue) == (lie is Lie.DropMulticast or Lie.RepeatMulticast or Lie.ChangeMulticast or Lie.RepeatRealtimeMulticast);
        var count = _delivered[(place, flow)] = _delivered.GetValueOrDefault((place, flow)) + 1;
        if (isAbout && !HasLied && _victim is null && count > TruthsBefore && payload.Length > 0)
            _victim = (place, flow);
        if (_victim != (place, flow) || HasLied)
            return judge.OnDelivered(place, life, flow, serviceClass, number, payload);
        return Lying(place, life, flow, serviceClass, number, payload);
    }

    public void OnInboundEnded(int place, BootEpoch life, FlowId flow, FlowEndReason reason) => judge.OnInboundEnded(place, life, flow, reason);

    public void OnLink(int place, in NodeEvent happened) => judge.OnLink(place, happened);

    public void OnRemoved(int place, int other)
    {
        if (lie == Lie.HideRemoval)
            HasLied = true;
        else
            judge.OnRemoved(place, other);
    }

    MulticastJudge ISwarmWitness.Multicasts => judge.Multicasts;

    ClientJudge ISwarmWitness.Clients => judge.Clients;

    public void OnClientDelivered(int client, bool isUp, ServiceClass serviceClass, ReadOnlySpan<byte> payload)
    {
        var isAbout = !HasLied && ++_fromClients > TruthsBefore && serviceClass != ServiceClass.Realtime;
        if (isAbout && lie == Lie.DropFromClient)
        {
            HasLied = true;
            return;
        }

        judge.OnClientDelivered(client, isUp, serviceClass, payload);
        if (!isAbout || lie != Lie.RepeatFromClient)
            return;
        HasLied = true;
        judge.OnClientDelivered(client, isUp, serviceClass, payload);
    }

    public void OnDied(int place, BootEpoch life) => judge.OnDied(place, life);

    public void Complain(string what) => judge.Complain(what);

    private SwarmFlow? Lying(int place, BootEpoch life, FlowId flow, ServiceClass serviceClass, ulong number, ReadOnlySpan<byte> payload)
    {
        switch (lie)
        {
            case Lie.Drop or Lie.DropMulticast:
                HasLied = true;
                return null;
            case Lie.Repeat or Lie.RepeatRealtime or Lie.RepeatMulticast or Lie.RepeatRealtimeMulticast:
                HasLied = true;
                judge.OnDelivered(place, life, flow, serviceClass, number, payload);
                return judge.OnDelivered(place, life, flow, serviceClass, number, payload);
            case Lie.Change or Lie.ChangeRealtime or Lie.ChangeMulticast:
                HasLied = true;
                byte[] changed = [.. payload];
                changed[^1] ^= 1;
                return judge.OnDelivered(place, life, flow, serviceClass, number, changed);
            case Lie.Swap or Lie.DelayRealtime:
                return Hold(place, life, flow, serviceClass, number, payload);
            default:
                return judge.OnDelivered(place, life, flow, serviceClass, number, payload);
        }
    }

    /// <summary>Keeps one message back until one more has come, or a hundred for Realtime.</summary>
    private SwarmFlow? Hold(int place, BootEpoch life, FlowId flow, ServiceClass serviceClass, ulong number, ReadOnlySpan<byte> payload)
    {
        if (_held is null)
        {
            _held = payload.ToArray();
            _heldNumber = number;
            return null;
        }

        var answer = judge.OnDelivered(place, life, flow, serviceClass, number, payload);
        if (++_since < (lie == Lie.Swap ? 1 : 100))
            return answer;
        HasLied = true;
        return judge.OnDelivered(place, life, flow, serviceClass, _heldNumber, _held);
    }
}
