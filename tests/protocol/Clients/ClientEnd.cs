using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Clients;

/// <summary>A client in a <see cref="ClientNet"/>: its session, where it is, what its clock says, and all that it was told.</summary>
internal sealed class ClientEnd(int id, ClientSession session) : IDisposable
{
    public int Id { get; } = id;

    public ClientSession Session { get; } = session;

    /// <summary>Where it sends from, and is reached.</summary>
    public NetAddress Address { get; set; } = NetAddress.FromIPv4(0x0A01_0000 + (uint)id, 5_000);

    /// <summary>How far its clock is ahead of true time.</summary>
    public Duration Ahead { get; init; }

    /// <summary>Nothing comes from it or reaches it.</summary>
    public bool IsCut { get; set; }

    public List<MeshMessage> Received { get; } = [];

    public List<TransportEvent> Events { get; } = [];

    public bool IsConnected => Session.State == ClientSessionState.Connected;

    public MonoTime At(MonoTime trueTime) => trueTime + Ahead;

    public void Drain(MonoTime trueTime)
    {
        while (Session.TryReceive(At(trueTime), out var message))
            Received.Add(new(message.Flow, message.Class, message.Number, message.Payload.ToArray(), trueTime, message.Deadline));
        while (Session.TryPollEvent(out var happened))
            Events.Add(happened);
    }

    public void Dispose() => Session.Dispose();
}
