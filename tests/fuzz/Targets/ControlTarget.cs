using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Sessions;
using WeCan.Fuzz.Tests.Fuzzing;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>
/// A stream of control frames, as a node gets it from whoever took the controller's place: it is understood or it ends the
/// session, the replica keeps its bounds, and the node never answers more than it was asked.
/// </summary>
internal sealed class ControlTarget : FuzzTarget
{
    private static readonly NetworkId Network = new(new(1, 2));
    private static readonly MembershipVersion First = new(1, 11);
    private static readonly MembershipVersion Second = new(2, 12);

    public override string Name => "control-stream";

    public override int Mutations => 20_000;

    public override IReadOnlyList<string> Places => ["welcome", "snapshot", "delta", "resync", "certificate", "goodbye", "malformed"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus()
    {
        var welcome = new WelcomeMessage { Network = Network, Number = new(1), Time = new(1_800_000_000), Controllers = ["c.example.org:4700"] };
        var members = (Member[])[Member(1, NodeRole.Relay), Member(2, NodeRole.Edge)];
        var snapshot = new SnapshotMessage(First, 0, true, members);
        var delta = new DeltaMessage(First, Second, [MemberChange.Put(MemberChangeKind.Joined, Member(3, NodeRole.Relay)), MemberChange.End(MemberChangeKind.Revoked, new(2))]);
        var goodbye = new GoodbyeMessage(GoodbyeReason.Stopping, "stops", 1);
        yield return ("session", Stream(welcome, snapshot, delta, new PingMessage(3), goodbye));
        yield return ("gap", Stream(welcome, delta, snapshot));
        yield return ("pieces", Stream(welcome, snapshot with { IsLast = false, Members = [members[0]] }, snapshot with { Piece = 1, Members = [members[1]] }, delta));
        yield return ("answers", Stream(welcome, new CertificateMessage([[1, 2, 3]]), new RefusalMessage(ControlKind.Renew, "no")));
    }

    public override void Run(byte[] input)
    {
        var replica = new MembershipReplica(Network, new(1_800_000_000));
        var session = new NodeSession(new() { Role = NodeRole.Relay, Epoch = new(1) }, replica, MonoTime.Zero);
        Require(session.TryPollFrame(out _) && !session.TryPollFrame(out _), "A session begins with one hello.");
        for (var at = 0; at < input.Length; at += 13)
            session.HandleBytes(MonoTime.Zero, input.AsSpan(at, Math.Min(13, input.Length - at)));

        Require(replica.Members.Count <= input.Length / 64, "There are more members than came.");
        Require(replica.Version != MembershipVersion.None || replica.Members.Count == 0, "There are members of no version.");
        Reach("welcome", session.IsWelcome);
        Reach("snapshot", replica.Version == First);
        Reach("delta", replica.Version == Second);
        Reach("resync", session.Counters.Resyncs > 0);
        Reach("goodbye", session.End is { IsOurs: false });
        Reach("malformed", session.End is { IsOurs: true, Reason: GoodbyeReason.Malformed });
        var messages = 0;
        for (; session.TryTakeMessage(out var message); messages++)
            Reach("certificate", message is CertificateMessage);
        Require(messages <= ControlLimits.MaxMessagesWaiting, "More waits for the node than may.");
        var frames = 0;
        while (session.TryPollFrame(out _))
            frames++;
        Require(frames <= 3, $"It answers with {frames} frames.");
    }

    private static byte[] Stream(params ControlMessage[] messages) => [.. messages.SelectMany(message => message.ToFrame())];

    private static Member Member(ushort number, NodeRole role) => new()
    {
        Number = new(number),
        Role = role,
        Key = OverlayKey.TryRead([.. Enumerable.Repeat((byte)number, OverlayKey.Bytes)], out var key) ? key : default,
        Addresses = [NetAddress.FromIPv4(0x0A00_0000u + number, 4600)],
        Edge = role == NodeRole.Edge ? new EdgeIndex(0, (byte)number) : null,
        Expires = new(1_900_000_000),
    };
}
