using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Sessions;
using WeCan.Controller.Core;
using WeCan.Controller.Sessions;

namespace WeCan.Controller.Tests.Core;

public sealed class SessionTests
{
    private readonly ControllerCore _core = Samples.Core(new() { KeptChanges = 100 });
    private readonly MembershipReplica _replica = new(Samples.Network.Id, Samples.Start);
    private ControllerTime _now = Samples.At(0);

    public SessionTests()
    {
        Assert.Null(_core.CreateToken(_now, new() { Role = NodeRole.Relay, Uses = 9_999 }, 1, Samples.SecretHash(1)));
        Assert.NotNull(_core.Enrol(_now, Samples.Order(1, 1)).Member);
        _core.TakeTransaction();
    }

    [Fact]
    public void Frames_wait_for_the_store()
    {
        var session = Open(1);
        _core.Revoke(_now, new(1));
        Assert.Throws<InvalidOperationException>(() => _core.TryPollFrame(_now, session, out _));
        _core.TakeTransaction();
        Assert.True(_core.TryPollFrame(_now, session, out _));
    }

    [Fact]
    public void A_large_membership_comes_in_pieces_and_changes_while_it_does()
    {
        for (ulong keys = 2; keys <= 3_000; keys++)
            Assert.NotNull(_core.Enrol(_now, Samples.Order(1, keys)).Member);
        _core.TakeTransaction();
        var (node, session) = Connect(1);
        Assert.IsType<WelcomeMessage>(Poll(node, session));
        var pieces = 0;
        while (Poll(node, session) is { } message)
        {
            if (message is SnapshotMessage && ++pieces == 2)
            {
                Assert.True(_core.Revoke(_now, new(3)));
                Assert.True(_core.Revoke(_now, new(2_999)));
                _core.TakeTransaction();
            }

            Assert.True(message is SnapshotMessage || pieces > 2);
        }

        Assert.InRange(pieces, 3, 20);
        Assert.Equal(_core.History.Version, _replica.Version);
        Assert.Equal(2_998, _replica.Members.Count);
    }

    [Fact]
    public void Who_comes_back_while_the_controller_stops_is_told_so_too()
    {
        var (_, session) = Connect(1);
        _core.Stop();
        Assert.Equal(GoodbyeReason.Stopping, session.End!.Reason);
        Assert.Equal(GoodbyeReason.Stopping, _core.OpenSession(_now, new(1), default).End!.Reason);
    }

    [Fact]
    public void What_was_superseded_is_not_sent()
    {
        var (node, session) = Connect(1);
        Drain(node, session);
        for (ulong keys = 2; keys <= 60; keys++)
        {
            var member = _core.Enrol(_now, Samples.Order(1, keys)).Member!;
            Assert.True(_core.Revoke(_now, member.Number));
        }

        _core.TakeTransaction();
        var delta = Assert.IsType<DeltaMessage>(Poll(node, session));
        Assert.Equal(59, delta.Changes.Count);
        Assert.All(delta.Changes, change => Assert.Null(change.Member));
        Assert.Null(Poll(node, session));
        Assert.Equal(_core.History.Version, _replica.Version);
    }

    [Fact]
    public void Who_was_away_for_more_than_is_kept_gets_a_snapshot()
    {
        var (node, session) = Connect(1);
        Drain(node, session);
        _core.CloseSession(session);
        for (ulong keys = 2; keys <= 200; keys++)
            _core.Enrol(_now, Samples.Order(1, keys));
        _core.TakeTransaction();
        var (later, laterSession) = Connect(1);
        Assert.IsType<WelcomeMessage>(Poll(later, laterSession));
        Assert.IsType<SnapshotMessage>(Poll(later, laterSession));
    }

    [Fact]
    public void A_delta_that_does_not_follow_is_not_applied_and_a_snapshot_is_asked_for()
    {
        var (node, session) = Connect(1);
        Drain(node, session);
        var held = _replica.Version;
        var wrong = new DeltaMessage(new(held.Number, held.Mark + 1), new(held.Number + 1, 5), [MemberChange.End(MemberChangeKind.Revoked, new(1))]);
        node.HandleBytes(_now.Mono, wrong.ToFrame());

        Assert.Equal(held, _replica.Version);
        Assert.NotNull(_replica.Find(new(1)));
        Assert.Equal(1, node.Counters.Resyncs);
        _now = Samples.At(2);
        Drain(node, session);
        Assert.IsType<SnapshotMessage>(Last);
        Assert.Equal((1, held), ((int)session.Counters.Resyncs, _replica.Version));
    }

    [Fact]
    public void A_node_that_keeps_asking_for_snapshots_gets_one_a_second()
    {
        var (node, session) = Connect(1);
        Drain(node, session);
        var snapshots = 0;
        for (var round = 0; round < 100; round++)
        {
            _now = Samples.At(10 + (round * 0.05));
            _core.HandleTimeout(_now);
            _core.HandleBytes(_now, session, new ResyncMessage().ToFrame());
            while (_core.TryPollFrame(_now, session, out var frame))
                snapshots += Read(frame) is SnapshotMessage { IsLast: true } ? 1 : 0;
            Assert.True(session.NextTimeout > _now.Mono);
        }

        Assert.InRange(snapshots, 4, 6);
    }

    [Fact]
    public void Who_asks_too_much_is_told_to_go()
    {
        var (node, session) = Connect(1);
        Drain(node, session);
        for (var i = 0; i <= ControlLimits.MaxRequestsPerSecond; i++)
            _core.HandleBytes(_now, session, new DrainingMessage(i % 2 == 0).ToFrame());
        _core.TakeTransaction();
        Assert.Equal(GoodbyeReason.TooMuch, session.End!.Reason);
    }

    [Fact]
    public void A_certificate_of_a_key_that_is_no_member_s_is_refused()
    {
        var (node, session) = Connect(1, tlsKey: 77);
        Drain(node, session);
        Assert.Equal((false, GoodbyeReason.NotAMember), (node.End!.IsOurs, node.End.Reason));
        Assert.True(session.IsFinished);
        Assert.Equal(MembershipVersion.None, _replica.Version);
    }

    [Fact]
    public void A_revoked_node_is_told_and_its_session_ends()
    {
        var (node, session) = Connect(1);
        Drain(node, session);
        _core.Revoke(_now, new(1));
        _core.TakeTransaction();
        Drain(node, session);
        Assert.Equal(GoodbyeReason.NotAMember, node.End!.Reason);
        Assert.Contains("was revoked", node.End.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_of_one_node_do_not_take_turns()
    {
        var (later, laterSession) = Connect(1, epoch: 20);
        Drain(later, laterSession);
        var (earlier, earlierSession) = Connect(1, epoch: 10);
        Drain(earlier, earlierSession);
        Assert.Contains("two processes", earlier.End!.Text, StringComparison.Ordinal);
        Assert.Null(later.End);

        var (again, againSession) = Connect(1, epoch: 20);
        Drain(again, againSession);
        Drain(later, laterSession);
        Assert.Null(again.End);
        Assert.Equal(GoodbyeReason.Superseded, later.End!.Reason);
    }

    [Fact]
    public void A_node_of_another_network_is_sent_away()
    {
        var session = _core.OpenSession(_now, new(1), Samples.TlsKey(1));
        var node = new NodeSession(new() { Role = NodeRole.Relay, Epoch = new(1) }, new(new(new(8, 8)), Samples.Start), _now.Mono);
        Drain(node, session);
        Assert.Equal(GoodbyeReason.OtherNetwork, node.End!.Reason);
    }

    [Fact]
    public void Silence_is_asked_about_and_then_ends_the_session()
    {
        var (node, session) = Connect(1);
        Drain(node, session);
        for (var seconds = 1; seconds < 60; seconds++)
        {
            _now = Samples.At(seconds);
            _core.HandleTimeout(_now);
            node.HandleTimeout(_now.Mono);
            Drain(node, session);
        }

        Assert.True(node.End is null && session.End is null);
        Assert.InRange(node.Counters.FramesIn, 8, 40);
        for (var seconds = 60; seconds < 80; seconds++)
            node.HandleTimeout(Samples.At(seconds).Mono);
        Assert.True(node.End!.IsOurs);
        Assert.False(node.TryPollFrame(out _));
    }

    [Fact]
    public void Who_says_nothing_at_first_is_not_waited_for()
    {
        var session = _core.OpenSession(_now, new(1), Samples.TlsKey(1));
        _core.HandleTimeout(Samples.At(9));
        Assert.Null(session.End);
        _core.HandleTimeout(Samples.At(11));
        Assert.NotNull(session.End);
    }

    [Fact]
    public void Members_past_their_end_do_not_count_and_count_again_when_renewed()
    {
        var (node, session) = Connect(1);
        Drain(node, session);
        Assert.True(_replica.TryTakeChange(out _, out var member) && member is not null);
        var end = _replica.Find(new(1))!.Expires;
        _replica.Refresh(end + Duration.FromSeconds(299));
        Assert.False(_replica.TryTakeChange(out _, out _));
        _replica.Refresh(end + Duration.FromSeconds(300));
        Assert.True(_replica.TryTakeChange(out var number, out member) && member is null && number.Value == 1);
        Assert.Null(_replica.Find(new(1)));
        _replica.Refresh(end);
        Assert.True(_replica.TryTakeChange(out _, out member) && member is not null);
    }

    private ControlMessage? Last { get; set; }

    private ControllerSession Open(ulong keys)
    {
        var (node, session) = Connect(keys);
        Drain(node, session);
        return session;
    }

    private (NodeSession Node, ControllerSession Session) Connect(ulong keys, ulong? tlsKey = null, uint epoch = 1)
    {
        var session = _core.OpenSession(_now, new((ushort)keys), Samples.TlsKey(tlsKey ?? keys));
        var options = new NodeSessionOptions { Role = NodeRole.Relay, Epoch = new(epoch), Addresses = Samples.Order(1, keys).Addresses };
        return (new(options, _replica, _now.Mono), session);
    }

    /// <summary>Moves one frame from the controller to the node, and what the node says before.</summary>
    private ControlMessage? Poll(NodeSession node, ControllerSession session)
    {
        while (node.TryPollFrame(out var frame))
            _core.HandleBytes(_now, session, frame.Span);
        _core.TakeTransaction();
        if (!_core.TryPollFrame(_now, session, out var answer))
            return null;
        node.HandleBytes(_now.Mono, answer.Span);
        return Last = Read(answer);
    }

    private void Drain(NodeSession node, ControllerSession session)
    {
        while (Poll(node, session) is not null)
        {
        }
    }

    private static ControlMessage Read(ReadOnlyMemory<byte> frame)
    {
        Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(frame.Span[4..], out var message));
        return message!;
    }
}
