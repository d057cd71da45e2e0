using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Controller.Core;
using WeCan.Controller.Sessions;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Sessions;

/// <summary>docs/control.md, "Access to the bus": whatever happens on the way, an edge ends with what the controller has.</summary>
public sealed class AccessPushTests
{
    private readonly StepLog _log = new();
    private readonly ControllerState _state = new() { Network = Samples.Network };

    [Fact]
    public void Who_has_said_nothing_is_told_nothing()
    {
        var book = new AccessBook(_state, _log);
        book.Put(Samples.Start, "ann", new(AccessKind.Key, "k", [1]));
        var push = new AccessPush(book);
        Assert.False(push.TryTake(default, out _));
        push.Take(new(AccessVersion.None, WantsAll: false));
        Assert.True(push.TryTake(default, out var message));
        Assert.Equal((AccessVersion.None, book.Version), (((AccessMessage)message!).From, ((AccessMessage)message).Version));
        Assert.False(push.TryTake(default, out _));
    }

    [Fact]
    public void A_change_goes_alone_and_the_whole_where_the_past_is_not_known()
    {
        var book = new AccessBook(_state, _log);
        for (var i = 0; i < 100; i++)
            book.Put(Samples.Start, "ann", new(AccessKind.Key, $"k{i}", [1]));
        var (push, replica) = (new AccessPush(book), new AccessReplica());
        push.Take(new(AccessVersion.None, WantsAll: false));
        Drain(push, replica, default);
        book.Remove(AccessKind.Key, "k7");
        Assert.True(push.TryTake(default, out var message));
        Assert.Equal("k7", Assert.Single(((AccessMessage)message!).Records).Name);
        Assert.True(replica.TryAdd((AccessMessage)message));

        // Another controller knows what is, and not how it came to be so.
        _state.Apply(_log.Take());
        var other = new AccessBook(_state, _log);
        Assert.Equal(book.Version, other.Version);
        other.Put(Samples.Start, "ann", new(AccessKind.Key, "new", [1]));
        push = new(other);
        push.Take(new(replica.Version, WantsAll: false));
        Drain(push, replica, default);
        Assert.Equal((other.Version, 100), (replica.Version, replica.Records.Count));
        var before = other.Version;
        other.Put(Samples.Start, "ann", new(AccessKind.Key, "newer", [1]));
        var behind = new AccessPush(other);
        behind.Take(new(before with { Number = 3, Mark = 4 }, WantsAll: false));
        Assert.True(behind.TryTake(default, out message));
        Assert.Equal((null, 101), (((AccessMessage)message!).From, ((AccessMessage)message).Records.Count));
    }

    /// <summary>Frames get lost with their session, edges and controllers start anew, with an older disk or store at times.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void However_sessions_are_cut_an_edge_comes_to_hold_what_the_controller_has(int seed)
    {
        var random = new Random(seed);
        var book = new AccessBook(_state, _log);
        var (push, replica, now) = (new AccessPush(book), new AccessReplica(), MonoTime.FromSeconds(1));
        AccessReplica? older = null;
        push.Take(new(replica.Version, WantsAll: false));
        var wholes = 0;
        for (var step = 0; step < 4_000; step++)
        {
            now += Duration.FromMilliseconds(random.Next(300));
            switch (random.Next(12))
            {
                case 0 when random.Next(4) == 0:
                    // The edge is started anew, at times from an older copy of its disk.
                    replica = random.Next(3) == 0 ? older ?? new() : Copy(replica);
                    push = new(book);
                    push.Take(new(replica.Version, WantsAll: false));
                    break;
                case 1:
                    older = Copy(replica);
                    break;
                case 2 when random.Next(4) == 0:
                    // Another controller takes over.
                    if (!_log.IsEmpty)
                        _state.Apply(_log.Take());
                    book = new(_state, _log);
                    replica.ForgetPieces();
                    push = new(book);
                    push.Take(new(replica.Version, WantsAll: false));
                    break;
                case < 6:
                    var name = $"c{random.Next(400)}";
                    if (random.Next(3) == 0)
                        book.Remove(AccessKind.Key, name);
                    else
                        book.Put(Samples.Start, "ann", new(AccessKind.Key, name, new byte[1 + random.Next(1_500)]));
                    break;
                default:
                    wholes += Deliver(push, replica, now, random.Next(3), random) ? 1 : 0;
                    break;
            }
        }

        push.HandleTimeout(now + Duration.FromSeconds(2));
        Drain(push, replica, now + Duration.FromSeconds(2));
        Assert.Equal(book.Version, replica.Version);
        Assert.Equal(book.Rows.Select(row => row.Record), replica.Records);
        Assert.True(wholes > 0, "The whole was never needed.");
    }

    [Fact]
    public void Revocations_are_forgotten_when_they_have_done_their_work()
    {
        var book = new AccessBook(_state, _log);
        var made = Contracts.Access.Revocation.Of(Samples.Start, "shop", isClient: true, "ann", null);
        book.Put(Samples.Start, "ann", made.ToRecord());
        var held = book.Version;
        book.Sweep(made.Until - Duration.FromSeconds(1));
        Assert.Single(book.Rows);
        _state.Apply(_log.Take());
        book = new(_state, _log);
        book.Sweep(made.Until);
        Assert.Empty(book.Rows);
        Assert.Equal((held.Number + 1, 0UL), (book.Version.Number, book.Version.Mark));
        _state.Apply(_log.Take());
        Assert.Equal((0, 2UL), (_state.Access.Count, _state.AccessNumber));
    }

    private static bool Deliver(AccessPush push, AccessReplica replica, MonoTime now, int most, Random random)
    {
        var isWhole = false;
        push.HandleTimeout(now);
        for (var left = most; left > 0 && push.TryTake(now, out var message); left--)
        {
            var piece = (AccessMessage)message!;
            isWhole |= piece.From is null;
            if (random.Next(50) == 0)
                piece = piece with { Version = piece.Version with { Mark = piece.Version.Mark + 1 } };
            if (!replica.TryAdd(piece))
                push.Take(new(replica.Version, WantsAll: true));
        }

        return isWhole;
    }

    private static void Drain(AccessPush push, AccessReplica replica, MonoTime now)
    {
        for (var turns = 0; turns < 8; turns++)
        {
            while (push.TryTake(now, out var message))
            {
                if (!replica.TryAdd((AccessMessage)message!))
                    push.Take(new(replica.Version, WantsAll: true));
            }

            now += ControlLimits.SnapshotInterval;
            push.HandleTimeout(now);
        }
    }

    private static AccessReplica Copy(AccessReplica replica)
    {
        var copy = new AccessReplica();
        foreach (var piece in replica.ToMessages())
            Assert.True(copy.TryAdd(piece));
        return copy;
    }
}
