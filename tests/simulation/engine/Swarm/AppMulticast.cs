using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// An application's side of one planned multicast flow in one life of its node. A destination that restarted is sent to
/// again; one that was lost for another reason is left out from then on.
/// </summary>
internal sealed class AppMulticast
{
    private const int MaxMessages = 1_000;
    private const int ProofMessages = 10;

    private readonly SwarmMulticast _plan;
    private readonly Draws _draws;
    private readonly ISwarmWitness _witness;
    private readonly byte[] _scratch;
    private readonly BootEpoch _life;
    private readonly EdgeSet _edges = new();
    private MulticastUse? _use;

    /// <summary>Realtime's: those that are its audience now. The others': those that are its destinations.</summary>
    private uint _audience;
    private SwarmStage _stage;
    private FlowHandle _handle;
    private ulong _accepted;
    private uint _gone;
    private long _bytes;
    private int _messages;
    private int _pending;
    private bool _isBlocked;

    public AppMulticast(SwarmMulticast plan, BootEpoch life, MonoTime now, SwarmStage stage, Draws draws, ISwarmWitness witness, byte[] scratch)
    {
        (_plan, _life, _stage, _draws, _witness, _scratch) = (plan, life, stage, draws, witness, scratch);
        NextAt = stage == SwarmStage.Storm ? now + plan.Start : MonoTime.Never;
    }

    /// <summary>When it wants to send next.</summary>
    public MonoTime NextAt { get; private set; }

    public FlowHandle Handle => _handle;

    /// <summary>A message waits for the node to take it.</summary>
    public bool IsWaiting => _pending > 0;

    public void Enter(SwarmStage stage, MonoTime now)
    {
        _stage = stage;
        NextAt = stage == SwarmStage.Proof ? now : MonoTime.Never;
        if (_stage == SwarmStage.Recovery)
            _pending = Math.Min(_pending, 1);
        _messages = 0;
    }

    public void HandleTimeout(MonoTime now, Node node)
    {
        if (NextAt <= now)
        {
            _pending += _stage == SwarmStage.Proof ? 1 : _plan.Burst;
            NextAt = _stage == SwarmStage.Proof ? now + Duration.FromMilliseconds(50) : now + (_plan.Interval * _draws.Between(0.5, 1.5));
        }

        while (_pending > 0 && !_isBlocked)
            SendOne(now, node);
        var most = _stage == SwarmStage.Proof ? ProofMessages : MaxMessages;
        if (_messages >= most || (_stage == SwarmStage.Storm && _bytes >= _plan.Volume))
            NextAt = MonoTime.Never;
    }

    public void OnEvent(in TransportEvent happened)
    {
        switch (happened.Kind)
        {
            case TransportEventKind.FlowWritable:
                _isBlocked = false;
                break;
            case TransportEventKind.Confirmed:
                _witness.Multicasts.OnConfirmed(_use!, happened.Messages);
                break;
            case TransportEventKind.DestinationLost:
                var place = happened.Destination.Value - 1;
                if (happened.Reason != FlowEndReason.Restarted)
                    _gone |= 1u << place;
                _audience &= ~(1u << place);
                _witness.Multicasts.OnLost(_use!, place, happened.Reason);
                break;
            default:
                _witness.Complain($"{_use}: {happened.Kind} {happened.Reason}");
                break;
        }
    }

    private void SendOne(MonoTime now, Node node)
    {
        if (_use is null)
        {
            if (Open(node) != OpenResult.Opened)
                _witness.Complain($"multicast {_plan.Index} could not be opened");
            _use = _plan.IsRealtime ? _witness.Multicasts.Realtime.OnOpened(_plan, _life) : _witness.Multicasts.OnOpened(_plan, _life);
        }

        var places = Choose();
        if (_plan.IsRealtime)
            ChangeAudience(now, node, places);
        else
            TakeOut(now, node);
        var size = _stage == SwarmStage.Proof ? AppFlow.ProofSize : _draws.Between(MulticastJudge.Head, _draws.Chance(0.8) ? Math.Min(_plan.MaxSize, 300) : _plan.MaxSize);
        var message = _scratch.AsSpan(0, size);
        MulticastJudge.Fill(message, _use.Number, _accepted + 1);
        var result = _plan.IsRealtime ? node.Send(now, _handle, message, out var given) : node.SendMulticast(now, _handle, _edges, message, out given);
        if (result == SendResult.WouldBlock)
        {
            _isBlocked = true;
            return;
        }

        _pending--;
        if (result != SendResult.Accepted || given != _accepted + 1)
        {
            _witness.Complain($"{_use}: message {_accepted + 1} of {size} bytes was {result} as number {given}");
            return;
        }

        _accepted++;
        _messages++;
        _bytes += size;
        if (_plan.IsRealtime)
            _witness.Multicasts.Realtime.OnAccepted(_use, size, places);
        else
            _witness.Multicasts.OnAccepted(_use, size, places);
        _audience = _plan.IsRealtime ? places : _audience | places;
    }

    private OpenResult Open(Node node) => _plan.IsRealtime
        ? node.OpenRealtimeMulticast(_edges, 3, _plan.Deadline, out _handle)
        : node.OpenMulticast(_plan.Class, 3, out _handle);

    private void ChangeAudience(MonoTime now, Node node, uint places)
    {
        foreach (var place in _plan.To)
        {
            var isIn = (_audience & (1u << place)) != 0;
            var isWanted = (places & (1u << place)) != 0;
            if (isWanted && !isIn && node.AddDestination(_handle, SwarmPlan.EdgeOf(place)) != SendResult.Accepted)
                _witness.Complain($"{_use}: n{place + 1} could not be added");
            if (isIn && !isWanted && !node.RemoveDestination(now, _handle, SwarmPlan.EdgeOf(place)))
                _witness.Complain($"{_use}: n{place + 1} could not be removed");
        }

        _audience = places;
    }

    /// <summary>What was not confirmed by then may come or not. Who is lost, and the event of it not taken yet, cannot be taken out.</summary>
    private void TakeOut(MonoTime now, Node node)
    {
        if (_plan.Removal == 0 || _stage != SwarmStage.Storm)
            return;
        foreach (var place in _plan.To)
        {
            if (!_draws.Chance(_plan.Removal) || !node.RemoveDestination(now, _handle, SwarmPlan.EdgeOf(place)))
                continue;
            if ((_audience & (1u << place)) == 0)
                _witness.Complain($"{_use}: n{place + 1} could be taken out and was no destination");
            _audience &= ~(1u << place);
            _witness.Multicasts.OnTakenOut(_use!, place);
        }
    }

    private uint Choose()
    {
        _edges.Clear();
        var places = 0u;
        foreach (var place in _plan.To)
        {
            if ((_gone & (1u << place)) != 0 || (_stage == SwarmStage.Storm && _draws.Chance(_plan.Absence)))
                continue;
            places |= 1u << place;
            _edges.Add(SwarmPlan.EdgeOf(place));
        }

        return places;
    }
}
