using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Simulation.Swarm;

namespace WeCan.Simulation.Tests.Swarm;

/// <summary>Throws out of a node's host when the first link stands.</summary>
internal sealed class ThrowingWitness(ISwarmWitness judge) : ISwarmWitness
{
    public FlowUse OnOpened(SwarmFlow flow, BootEpoch life) => judge.OnOpened(flow, life);

    public void OnAccepted(FlowUse use, ulong number, int size) => judge.OnAccepted(use, number, size);

    public void OnConfirmed(FlowUse use, ulong messages) => judge.OnConfirmed(use, messages);

    public void OnEnded(FlowUse use, in TransportEvent end) => judge.OnEnded(use, end);

    public SwarmFlow? OnDelivered(int place, BootEpoch life, FlowId flow, ServiceClass serviceClass, ulong number, ReadOnlySpan<byte> payload) =>
        judge.OnDelivered(place, life, flow, serviceClass, number, payload);

    public void OnInboundEnded(int place, BootEpoch life, FlowId flow, FlowEndReason reason) => judge.OnInboundEnded(place, life, flow, reason);

    public void OnLink(int place, in NodeEvent happened) => throw new InvalidOperationException("the witness threw");

    public void OnRemoved(int place, int other) => judge.OnRemoved(place, other);

    MulticastJudge ISwarmWitness.Multicasts => judge.Multicasts;

    ClientJudge ISwarmWitness.Clients => judge.Clients;

    public void OnClientDelivered(int client, bool isUp, ServiceClass serviceClass, ReadOnlySpan<byte> payload) => judge.OnClientDelivered(client, isUp, serviceClass, payload);

    public void OnDied(int place, BootEpoch life) => judge.OnDied(place, life);

    public void Complain(string what) => judge.Complain(what);
}
