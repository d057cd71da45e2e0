using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Sessions;
using WeCan.Controller.Core;

namespace WeCan.Controller.Tests.Simulation;

/// <summary>A node of the simulation: its keys, its replica, its disk, and the connection that it has, if any.</summary>
internal sealed class SimNode(ulong keys, ulong token, NodeRole role)
{
    private byte[][] _disk = [];
    private uint _epoch = 1;
    private ulong? _wantedTlsKey;
    private MembershipVersion _judged;

    public ulong Keys { get; } = keys;

    public ulong Token { get; } = token;

    public NodeRole Role { get; } = role;

    /// <summary>None until an enrolment was answered.</summary>
    public NodeId Number { get; set; }

    public ulong TlsKey { get; private set; } = keys;

    public bool IsDraining { get; private set; }

    public NetAddress Address { get; private set; } = NetAddress.FromIPv4(0x0A00_0000 + (uint)keys, 4600);

    public MembershipReplica Replica { get; private set; } = new(Samples.Network.Id, Samples.Start);

    public SimConnection? Connection { get; set; }

    /// <summary>Why the last session ended, where the controller said it.</summary>
    public GoodbyeReason? Refused { get; private set; }

    public void Connect(ControllerCore core, ControllerTime now)
    {
        var options = new NodeSessionOptions { Role = Role, Epoch = new(_epoch), Addresses = [Address], IsDraining = IsDraining };
        Connection = new(new(options, Replica, now.Mono), core.OpenSession(now, Number, Samples.TlsKey(TlsKey)));
    }

    /// <summary>The process dies: what it had in memory is gone, and it starts with what is on its disk.</summary>
    public void Restart(UnixTime now)
    {
        _epoch++;
        _wantedTlsKey = null;
        _judged = default;
        Replica = new(Samples.Network.Id, now);
        foreach (var frame in _disk)
        {
            Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(frame, out var piece));
            Assert.True(Replica.TryAdd((SnapshotMessage)piece!));
        }
    }

    public void Store()
    {
        _disk = [.. Replica.ToSnapshot().Select(piece => piece.ToFrame()[4..])];
        Connection?.Node.Stored(Replica.Version);
    }

    public void Renew(ulong tlsKey)
    {
        _wantedTlsKey = tlsKey;
        Connection?.Node.Renew(Samples.Request(tlsKey), Samples.OverlayKey(Keys));
    }

    public void Move(NetAddress address)
    {
        Address = address;
        Connection?.Node.SetAddresses([address]);
    }

    public void Drain(bool isOn)
    {
        IsDraining = isOn;
        Connection?.Node.SetDraining(isOn);
    }

    /// <summary>Takes what the session has for the node, and lets the ledger judge what the replica holds.</summary>
    public void Look(MembershipLedger ledger)
    {
        while (Connection is not null && Connection.Node.TryTakeMessage(out var message))
        {
            if (message is WelcomeMessage welcome)
                Assert.Equal(Number, welcome.Number);
            else if (message is CertificateMessage certificate)
                TakeCertificate(certificate);
        }

        if (Connection?.Node.End is { IsOurs: false } end)
            Refused = end.Reason;
        else if (Connection is { Node.IsWelcome: true })
            Refused = null;
        Assert.True(Connection?.Node.End is not { IsOurs: true, Reason: GoodbyeReason.Malformed } fault, $"n{Number.Value} did not understand the controller.");
        if (Replica.Version == _judged)
            return;
        ledger.Judge(Replica.Version, Replica.Members, $"n{Number.Value}");
        _judged = Replica.Version;
    }

    private void TakeCertificate(CertificateMessage certificate)
    {
        byte[] expected = [.. Samples.Request(_wantedTlsKey ?? 0), (byte)(Number.Value >> 8), (byte)Number.Value];
        if (certificate.Chain[0].SequenceEqual(expected))
            TlsKey = _wantedTlsKey!.Value;
    }
}
