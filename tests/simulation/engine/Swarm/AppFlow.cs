using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// An application's side of one planned flow in one life of its node: sends by the plan, waits when the node would
/// block until it says otherwise, closes and opens flows, and opens another when one broke.
/// </summary>
internal sealed class AppFlow
{
    private const int MaxMessages = 1_500;
    private const int ProofMessages = 10;
    public const int ProofSize = 120;

    private readonly SwarmFlow _plan;
    private readonly Draws _draws;
    private readonly ISwarmWitness _witness;
    private readonly byte[] _scratch;
    private readonly BootEpoch _life;
    private FlowUse? _use;
    private FlowHandle _handle;
    private SwarmStage _stage;
    private ulong _accepted;
    private long _bytes;
    private int _messages;
    private int _pending;
    private bool _isBlocked;

    public AppFlow(SwarmFlow plan, BootEpoch life, MonoTime now, SwarmStage stage, Draws draws, ISwarmWitness witness, byte[] scratch)
    {
        (_plan, _life, _stage, _draws, _witness, _scratch) = (plan, life, stage, draws, witness, scratch);
        NextAt = stage == SwarmStage.Storm ? now + plan.Start : MonoTime.Never;
    }

    public SwarmFlow Plan => _plan;

    /// <summary>When it wants to send next.</summary>
    public MonoTime NextAt { get; private set; }

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

    public void HandleTimeout(MonoTime now, Node node, Action<FlowHandle, AppFlow, FlowUse> opened)
    {
        if (NextAt <= now)
        {
            _pending += _stage == SwarmStage.Proof ? 1 : _plan.Burst;
            NextAt = _stage == SwarmStage.Proof ? now + Duration.FromMilliseconds(50) : now + (_plan.Interval * _draws.Between(0.5, 1.5));
        }

        while (_pending > 0 && !_isBlocked)
            SendOne(now, node, opened);
        var most = _stage == SwarmStage.Proof ? ProofMessages : MaxMessages;
        if (_messages >= most || (_stage == SwarmStage.Storm && _bytes >= _plan.Volume))
            NextAt = MonoTime.Never;
    }

    public void OnWritable() => _isBlocked = false;

    public void OnEnded(FlowHandle handle)
    {
        if (handle != _handle)
            return;
        _handle = FlowHandle.None;
        _use = null;
        _isBlocked = false;
    }

    private void SendOne(MonoTime now, Node node, Action<FlowHandle, AppFlow, FlowUse> opened)
    {
        if (_handle.IsNone && !TryOpen(node, opened))
            return;
        var number = _accepted + 1;
        var size = _stage == SwarmStage.Proof ? ProofSize : SwarmContent.SizeOf(_plan, _use!.Number, number);
        var message = _scratch.AsSpan(0, size);
        SwarmContent.Fill(message, _plan, _use!.Number, number);
        var result = node.Send(now, _handle, message, out var given);
        if (result is SendResult.WouldBlock or SendResult.Closed)
        {
            // A closed flow's end is on its way as an event.
            _isBlocked = true;
            return;
        }

        _pending--;
        if (result != SendResult.Accepted || given != number)
        {
            _witness.Complain($"{_use}: message {number} of {size} bytes was {result} as number {given}");
            return;
        }

        OnAccepted(now, node, size);
    }

    private void OnAccepted(MonoTime now, Node node, int size)
    {
        _accepted++;
        _messages++;
        _bytes += size;
        _witness.OnAccepted(_use!, _accepted, size);
        if (_plan.CloseAfter == 0 || _accepted < (ulong)_plan.CloseAfter)
            return;
        node.CloseFlow(now, _handle);
        _handle = FlowHandle.None;
        _use = null;
    }

    private bool TryOpen(Node node, Action<FlowHandle, AppFlow, FlowUse> opened)
    {
        var destination = SwarmPlan.IdOf(_plan.To);
        var result = _plan.IsRealtime
            ? node.OpenRealtime(destination, _plan.Priority, _plan.Deadline, out _handle, _plan.Paths)
            : node.OpenStream(destination, _plan.Class, _plan.Priority, out _handle, _plan.RouteToken);
        if (result != OpenResult.Opened)
        {
            _pending = 0;
            _witness.Complain($"flow {_plan.Index} could not be opened: {result}");
            return false;
        }

        _accepted = 0;
        _use = _witness.OnOpened(_plan, _life);
        opened(_handle, this, _use);
        return true;
    }
}
