using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>Members with several addresses: which is called when, and what that may cost whom. docs/decisions/0031.</summary>
public sealed class NodeAddressTests
{
    private static readonly NetAddress Nowhere = NodeMesh.AddressOf(90);

    [Fact]
    public void WhereTheFirstAnswersNoOtherIsCalled()
    {
        using var mesh = new NodeMesh { Delay = Duration.FromMilliseconds(100) };
        var (a, b) = Introduce(mesh, [NodeMesh.AddressOf(2), NodeMesh.IPv6Of(2)]);
        var start = mesh.Now;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(1), () => a.Ups(b.Id) == 1));
        Assert.Equal(mesh.Delay * 2, mesh.Now - start);
        mesh.RunFor(Duration.FromSeconds(10));
        Assert.Single(CallsOf(mesh, a));
    }

    /// <summary>A hole, another node, and a family that this node does not have.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void AnAddressThatLeadsNowhereCostsOneGap(int kind)
    {
        using var mesh = new NodeMesh();
        var other = mesh.Add(3);
        NetAddress[] wrong = [Nowhere, other.Address, NodeMesh.IPv6Of(2)];
        var (a, b) = Introduce(mesh, [wrong[kind], NodeMesh.AddressOf(2)], isDual: kind != 2);
        var start = mesh.Now;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Ups(b.Id) == 1));
        Assert.Equal(NodeLimits.CallGap + (mesh.Delay * 2), mesh.Now - start);
        mesh.RunFor(Duration.FromSeconds(10));

        Assert.Equal(b.Address, a.LinkTo(b)!.Value.Address);
        Assert.Equal(2, CallsOf(mesh, a).Count);
        Assert.Equal(0, other.DatagramsSent);
        Assert.Equal(0, other.Node.LinkCount);
        Assert.Equal(kind == 1 ? 1 : 0, other.Node.Drops[DropReason.HandshakeRefused]);
    }

    [Fact]
    public void AFamilyThatIsMissingCostsNoneOfTheRounds()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Introduce(mesh, [NodeMesh.IPv6Of(2), NodeMesh.IPv6Of(3), NodeMesh.IPv6Of(4), NodeMesh.AddressOf(2)], isDual: false);
        var start = mesh.Now;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Ups(b.Id) == 1));
        Assert.Equal(NodeLimits.CallGap + (mesh.Delay * 2), mesh.Now - start);
    }

    /// <summary>The answer is slower than the gap: both addresses get the same initiation, and the second answer changes nothing.</summary>
    [Fact]
    public void TheFirstAnswerCountsAndTheSecondChangesNothing()
    {
        using var mesh = new NodeMesh { Delay = Duration.FromMilliseconds(200) };
        var (a, b) = Introduce(mesh, [NodeMesh.IPv6Of(2), NodeMesh.AddressOf(2)]);
        var start = mesh.Now;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(2), () => a.Ups(b.Id) == 1));
        Assert.Equal(mesh.Delay * 2, mesh.Now - start);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(2), () => b.Ups(a.Id) == 1));
        mesh.RunFor(Duration.FromSeconds(10));

        var calls = CallsOf(mesh, a);
        Assert.Equal([NodeMesh.IPv6Of(2), NodeMesh.AddressOf(2)], calls.Select(call => call.To));
        Assert.Equal(calls[0].Bytes, calls[1].Bytes);
        Assert.Equal(NodeMesh.IPv6Of(2), a.LinkTo(b)!.Value.Address);
        Assert.Equal((1, 0, 1, 0), (a.Ups(b.Id), a.Downs(b.Id), b.Ups(a.Id), b.Downs(a.Id)));
        Assert.Equal((1, 1), (a.Node.LinkCount, b.Node.LinkCount));
    }

    [Fact]
    public void WhereTheDeadLinkWasIsTriedFirstAndThenTheOthers()
    {
        using var mesh = new NodeMesh();
        NetAddress[] homes = [NodeMesh.AddressOf(2), NodeMesh.IPv6Of(2), NodeMesh.AddressOf(12)];
        var (a, b) = Introduce(mesh, homes);
        var dead = new HashSet<NetAddress> { homes[0], homes[1] };
        mesh.Tap = datagram => dead.Contains(datagram.To) || dead.Contains(datagram.From) ? null : datagram;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Ups(b.Id) == 1 && b.Ups(a.Id) == 1));
        Assert.Equal(homes[2], a.LinkTo(b)!.Value.Address);
        a.Node.SetLinkUse(mesh.Now, b.Id, LinkUse.InUse);
        mesh.RunFor(Duration.FromSeconds(5));

        mesh.Recorded.Clear();
        dead.Remove(homes[0]);
        dead.Add(homes[2]);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Downs(b.Id) == 1));
        var died = mesh.Now;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Ups(b.Id) == 2));
        Assert.Equal([homes[2], homes[1], homes[0]], CallsOf(mesh, a).Select(call => call.To));
        Assert.Equal((NodeLimits.CallGap * 2) + (mesh.Delay * 2), mesh.Now - died);
        Assert.Equal(homes[0], a.LinkTo(b)!.Value.Address);
    }

    /// <summary>It went where nobody advertises it: that is tried first, for one attempt, and not for ever.</summary>
    [Fact]
    public void AMemberThatMovedIsCalledThereForOneAttempt()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Introduce(mesh, [NodeMesh.AddressOf(2)]);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => b.Ups(a.Id) == 1));
        b.Address = NodeMesh.AddressOf(70);
        a.Node.SetLinkUse(mesh.Now, b.Id, LinkUse.InUse);
        b.Node.SetLinkUse(mesh.Now, a.Id, LinkUse.InUse);
        mesh.RunFor(Duration.FromSeconds(5));
        Assert.Equal(b.Address, a.LinkTo(b)!.Value.Address);

        mesh.Recorded.Clear();
        mesh.Tap = _ => null;
        mesh.RunFor(Duration.FromSeconds(60));
        var calls = CallsOf(mesh, a);
        Assert.Equal([b.Address, NodeMesh.AddressOf(2)], calls.Take(2).Select(call => call.To));
        Assert.All(calls.GroupBy(call => Convert.ToHexString(call.Bytes), StringComparer.Ordinal).Skip(1), attempt =>
            Assert.All(attempt, call => Assert.Equal(NodeMesh.AddressOf(2), call.To)));
        mesh.Tap = null;
        b.OtherAddresses.Add(NodeMesh.AddressOf(2));
        Assert.True(mesh.RunUntil(Duration.FromSeconds(6), () => a.Ups(b.Id) == 2));
    }

    /// <summary>Seven of eight dead, and the last one too for long: no address waits longer than a round for its turn.</summary>
    [Fact]
    public void EveryAddressHasItsTurnInEveryRound()
    {
        using var mesh = new NodeMesh { Tap = _ => null };
        NetAddress[] homes = [.. Enumerable.Range(80, NodeLimits.MaxAddresses - 1).Select(NodeMesh.AddressOf), NodeMesh.AddressOf(2)];
        var (a, b) = Introduce(mesh, homes);
        mesh.RunFor(Duration.FromSeconds(100));
        Assert.All(CallsOf(mesh, a).GroupBy(call => Convert.ToHexString(call.Bytes), StringComparer.Ordinal).SkipLast(1), attempt =>
            Assert.Equal((NodeLimits.InitiationRepeats + 1) * homes.Length, attempt.Count()));
        mesh.Tap = null;
        var start = mesh.Now;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(60), () => a.Ups(b.Id) == 1));
        Assert.True(mesh.Now - start <= (NodeLimits.MaxInitiationRetry * 1.1) + (NodeLimits.CallGap * homes.Length), $"It took {mesh.Now - start}.");
        Assert.True(mesh.RunUntil(Duration.FromSeconds(1), () => b.Ups(a.Id) == 1));
    }

    /// <summary>A responder under load, reached over both families: a cookie is for the source that it was given to.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(150)]
    [InlineData(400)]
    public void ACookieGoesBackWhereItCameFrom(int oneWayMilliseconds)
    {
        using var mesh = new NodeMesh { Delay = Duration.FromMilliseconds(oneWayMilliseconds) };
        var (a, b) = Introduce(mesh, [NodeMesh.IPv6Of(2), NodeMesh.AddressOf(2), NodeMesh.AddressOf(12)]);
        var start = mesh.Now;
        mesh.RunFor(mesh.Delay - Duration.FromMilliseconds(1));
        var stranger = mesh.Add(60);
        var initiation = InitiationOf(mesh, stranger, b);
        for (var i = 0; i < NodeLimits.HandshakesBeforeLoad; i++)
            Assert.Empty(mesh.Answers(stranger.Address, b, initiation));

        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Ups(b.Id) == 1));
        Assert.Equal(mesh.Delay * 4, mesh.Now - start);
        mesh.RunFor(Duration.FromSeconds(10));
        Assert.Equal((1, 1), (a.Node.LinkCount, b.Node.LinkCount));
        Assert.Equal(0, a.Downs(b.Id) + b.Downs(a.Id));
    }

    [Fact]
    public void ALinkOutlivesAChangeOfAddressesAndKey()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Introduce(mesh, [NodeMesh.AddressOf(2)]);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Ups(b.Id) == 1 && b.Ups(a.Id) == 1));
        using var newKey = NodeMesh.KeyOf(22);
        Assert.True(a.Node.TryChangePeer(mesh.Now, b.Id, newKey.PublicKey, Nowhere, NodeMesh.AddressOf(2)));
        mesh.Recorded.Clear();
        mesh.RunFor(Duration.FromSeconds(30));
        Assert.Equal(0, a.Downs(b.Id) + b.Downs(a.Id));
        Assert.Empty(CallsOf(mesh, a));

        // Its next life has the new key, and the old one is nobody's any more.
        b.Node.Shutdown();
        mesh.Drain(b);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Downs(b.Id) == 1));
        var old = mesh.Restart(b, epoch: 2);
        old.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey, a.Address);
        mesh.RunFor(Duration.FromSeconds(5));
        Assert.Equal((0, 1), (old.Ups(a.Id), a.Ups(b.Id)));
        Assert.True(a.Node.Drops[DropReason.NotAMember] > 0);
        var again = mesh.Restart(old, epoch: 3, keyOf: 22);
        Assert.True(again.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey));
        Assert.True(mesh.RunUntil(Duration.FromSeconds(7), () => a.Ups(b.Id) == 2 && again.Ups(a.Id) == 1));
    }

    [Fact]
    public void ACallUnderWayGoesOnToTheNewAddresses()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Introduce(mesh, [Nowhere]);
        mesh.RunFor(Duration.FromSeconds(20));
        Assert.True(a.Node.TryChangePeer(mesh.Now, b.Id, b.Key.PublicKey, NodeMesh.AddressOf(2)));
        var start = mesh.Now;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Ups(b.Id) == 1));
        Assert.True(mesh.Now - start <= NodeLimits.CallGap + (mesh.Delay * 2), $"It took {mesh.Now - start}.");
    }

    /// <summary>Without addresses a member is called no more, but an answer that is under way counts; with some, it is called again.</summary>
    [Fact]
    public void AddressesComeAndGo()
    {
        using var mesh = new NodeMesh { Tap = _ => null };
        var (a, b) = Introduce(mesh, []);
        mesh.RunFor(Duration.FromSeconds(10));
        Assert.Empty(CallsOf(mesh, a));
        Assert.True(a.Node.TryChangePeer(mesh.Now, b.Id, b.Key.PublicKey, NodeMesh.AddressOf(2)));
        mesh.RunFor(Duration.FromSeconds(2));
        Assert.True(a.Node.TryChangePeer(mesh.Now, b.Id, b.Key.PublicKey));
        var calls = CallsOf(mesh, a).Count;
        Assert.NotEqual(0, calls);
        mesh.RunFor(Duration.FromSeconds(30));
        Assert.Equal(calls, CallsOf(mesh, a).Count);
        Assert.True(a.Node.NextTimeout.IsNever);

        mesh.Tap = null;
        Assert.True(a.Node.TryChangePeer(mesh.Now, b.Id, b.Key.PublicKey, NodeMesh.AddressOf(2)));
        mesh.RunFor(Duration.FromMilliseconds(1));
        Assert.True(a.Node.TryChangePeer(mesh.Now, b.Id, b.Key.PublicKey));
        Assert.True(mesh.RunUntil(mesh.Delay * 3, () => a.Ups(b.Id) == 1 && b.Ups(a.Id) == 1));
    }

    [Fact]
    public void WhatCannotBeIsRefusedAndChangesNothing()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Introduce(mesh, [NodeMesh.AddressOf(2)]);
        using var third = NodeMesh.KeyOf(3);
        var many = new NetAddress[NodeLimits.MaxAddresses + 1];
        Assert.False(a.Node.TryAddPeer(mesh.Now, new(3), third.PublicKey, many));
        Assert.True(a.Node.TryAddPeer(mesh.Now, new(3), third.PublicKey));
        Assert.False(a.Node.TryChangePeer(mesh.Now, b.Id, third.PublicKey, Nowhere));
        Assert.False(a.Node.TryChangePeer(mesh.Now, b.Id, default, Nowhere));
        Assert.False(a.Node.TryChangePeer(mesh.Now, b.Id, b.Key.PublicKey, many));
        Assert.False(a.Node.TryChangePeer(mesh.Now, new(4), b.Key.PublicKey, Nowhere));
        Assert.False(a.Node.TryChangePeer(mesh.Now, a.Id, a.Key.PublicKey, Nowhere));
        Assert.True(mesh.RunUntil(mesh.Delay * 3, () => a.Ups(b.Id) == 1 && b.Ups(a.Id) == 1));
    }

    /// <summary>
    /// A member advertises eight addresses of others, packets want it, it calls again and again itself, and somebody on the way
    /// sends all that he sees back five times, and five cookies that he makes of it. Still each address gets no more than its turn.
    /// </summary>
    [Fact]
    public void AdvertisedAddressesGetFourCallsASecondAtMostWhateverComesBack()
    {
        using var mesh = new NodeMesh();
        NetAddress[] homes = [.. Enumerable.Range(80, NodeLimits.MaxAddresses).Select(NodeMesh.AddressOf)];
        var (a, b) = Introduce(mesh, homes);
        Assert.True(b.Node.TryChangePeer(mesh.Now, a.Id, a.Key.PublicKey, a.Address));
        Assert.Equal(OpenResult.Opened, a.Node.OpenStream(b.Id, ServiceClass.Signal, 0, out var flow));
        a.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(1), out _);
        mesh.Tap = datagram =>
        {
            for (var copy = 0; copy < 5 && datagram.Type == MeshDatagram.NodeInitiation; copy++)
            {
                var isCall = datagram.To != a.Address;
                mesh.PutUntapped(isCall ? datagram with { From = datagram.To, To = a.Address } : datagram);
                if (isCall)
                    mesh.PutUntapped(new(mesh.Now, datagram.To, a.Address, CookieFor(datagram, b)));
            }

            return null;
        };
        const int Seconds = 120;
        mesh.RunFor(Duration.FromSeconds(Seconds));

        var calls = CallsOf(mesh, a);
        var attempts = calls.DistinctBy(call => Convert.ToHexString(call.Bytes[..^16]), StringComparer.Ordinal).Count();
        var cookies = attempts * NodeLimits.CookiesUsedAtOnce;
        Assert.True(attempts <= (Seconds / NodeLimits.LeastAttempt.Seconds) + 1);
        Assert.InRange(calls.Count, Seconds + cookies, (Seconds / NodeLimits.CallGap.Seconds) + 1 + cookies);
        Assert.All(calls, call => Assert.Contains(call.To, homes));
        Assert.All(homes, home => Assert.InRange(calls.Count(call => call.To == home), 1, (Seconds / NodeLimits.CallGap.Seconds / homes.Length) + attempts + cookies));
        Assert.All(calls, call => Assert.Equal(233, call.Bytes.Length));
        Assert.True(a.Node.Drops[DropReason.HandshakeReplayed] > 0);
    }

    private static (MeshNode A, MeshNode B) Introduce(NodeMesh mesh, NetAddress[] advertised, bool isDual = true)
    {
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        if (isDual)
            a.OtherAddresses.Add(NodeMesh.IPv6Of(1));
        b.OtherAddresses.AddRange([NodeMesh.IPv6Of(2), NodeMesh.AddressOf(12)]);
        Assert.True(a.Node.TryAddPeer(mesh.Now, b.Id, b.Key.PublicKey, advertised));
        Assert.True(b.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey));
        return (a, b);
    }

    private static List<MeshDatagram> CallsOf(NodeMesh mesh, MeshNode node) =>
        [.. mesh.Recorded.Where(datagram => datagram.Type == MeshDatagram.NodeInitiation && (node.IsAt(datagram.From) || datagram.From.IsNone))];

    private static byte[] InitiationOf(NodeMesh mesh, MeshNode from, MeshNode to)
    {
        using var initiator = new NodeInitiator(
            new(from.Key, from.Id, from.Node.Options.Epoch), to.Key.PublicKey, new(1234), 1, mesh.Now, HandshakeCapabilities.Default, DeterministicRandom.FromNumber(1));
        var bytes = new byte[initiator.Length];
        initiator.Write(bytes);
        return bytes;
    }

    /// <summary>Whoever sees an initiation and knows whom it is for can make this.</summary>
    private static byte[] CookieFor(MeshDatagram initiation, MeshNode responder)
    {
        var reply = new byte[HandshakeWire.CookieReplyBytes];
        CookieReply.Write(initiation.Bytes, HandshakeMac.CookieSaltFor(responder.Key.PublicKey), new byte[HandshakeWire.CookieBytes], DeterministicRandom.FromNumber(2), reply);
        return reply;
    }
}
