using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>What one end of a client's link has to say over it: opens a flow of each class, and sends by the plan.</summary>
internal sealed class ClientTalk
{
    private const int StormMessages = 120;
    private const int ProofMessages = 10;

    private static readonly ServiceClass[] Classes = [ServiceClass.Signal, ServiceClass.Bulk, ServiceClass.Realtime];

    private readonly SwarmTalk _plan;
    private readonly ITalkEnd _end;
    private readonly ISwarmWitness _witness;
    private readonly byte[] _scratch;
    private readonly List<(FlowHandle Flow, ClientUse Use)> _flows = [];
    private SwarmStage _stage;
    private int _left;

    public ClientTalk(SwarmTalk plan, ITalkEnd end, bool isUp, SwarmWorld world, MonoTime now)
    {
        (_plan, _end, _witness, _scratch) = (plan, end, world.Witness, new byte[ClientJudge.Head + plan.MaxSize]);
        foreach (var serviceClass in Classes)
        {
            // The link may be gone again, which is told next.
            var result = end.Open(serviceClass, plan.Deadline, out var flow);
            if (result == OpenResult.Opened)
                _flows.Add((flow, _witness.Clients.OnOpened(plan.Client, isUp, serviceClass, plan.Deadline)));
            else if (result != OpenResult.NoLink)
                _witness.Complain($"client {plan.Client + 1} or its edge cannot open a flow: {result}");
        }

        Enter(world.Stage, now);
    }

    public MonoTime NextAt { get; private set; }

    public int Client => _plan.Client;

    public void Enter(SwarmStage stage, MonoTime now)
    {
        _stage = stage;
        _left = stage switch
        {
            SwarmStage.Storm => StormMessages,
            SwarmStage.Proof => ProofMessages,
            _ => 0,
        };
        NextAt = _left > 0 ? now : MonoTime.Never;
    }

    public void HandleTimeout(MonoTime now)
    {
        if (NextAt > now)
            return;
        _left--;
        NextAt = _left == 0 ? MonoTime.Never : now + (_stage == SwarmStage.Proof ? Duration.FromMilliseconds(50) : _plan.Interval);
        foreach (var (flow, use) in _flows)
        {
            var number = (ulong)use.SentAt.Count;
            var message = _scratch.AsSpan(0, ClientJudge.SizeOf(use.Number, number, _plan.MaxSize));
            ClientJudge.Fill(message, use.Number, number);
            if (_end.Send(now, flow, message) == SendResult.Accepted)
                _witness.Clients.OnAccepted(use);
        }
    }

    /// <summary>False for a flow that is not of this talk.</summary>
    public bool TryHandle(in TransportEvent happened)
    {
        foreach (var (flow, use) in _flows)
        {
            if (flow != happened.Flow)
                continue;
            if (happened.Kind == TransportEventKind.Confirmed)
                _witness.Clients.OnConfirmed(use, happened.Messages);
            else if (happened.Kind != TransportEventKind.FlowWritable)
                _witness.Clients.OnEnded(use, happened);
            return true;
        }

        return false;
    }
}
