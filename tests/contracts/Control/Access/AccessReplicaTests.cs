using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;

namespace WeCan.Contracts.Tests.Control.Access;

/// <summary>docs/control.md, "Access to the bus": an edge holds what a controller said, whole, or what it held before.</summary>
public sealed class AccessReplicaTests
{
    private static readonly AccessRecord One = new(AccessKind.Key, "k", [1]);
    private static readonly AccessRecord OtherOne = new(AccessKind.Key, "k", [2]);
    private static readonly AccessRecord Two = new(AccessKind.Revocation, "shop/sub/ann", [1]);

    private readonly AccessReplica _replica = new();

    [Fact]
    public void A_change_is_applied_only_to_the_version_that_it_starts_from()
    {
        Assert.True(_replica.TryAdd(Whole(1, One, Two)));
        var held = _replica.Version;
        Assert.False(_replica.TryAdd(Change(held with { Number = 9 }, held.Mark - One.Mark + OtherOne.Mark, OtherOne)));
        Assert.False(_replica.TryAdd(Change(held with { Mark = 9 }, held.Mark - One.Mark + OtherOne.Mark, OtherOne)));
        Assert.False(_replica.TryAdd(Change(held, held.Mark + 1, OtherOne)));
        Assert.Equal([One, Two], _replica.Records);

        Assert.True(_replica.TryAdd(Change(held, held.Mark - One.Mark + OtherOne.Mark, OtherOne)));
        Assert.Equal([OtherOne, Two], _replica.Records);
        held = _replica.Version;
        Assert.True(_replica.TryAdd(Change(held, held.Mark - OtherOne.Mark, One with { Body = [] })));
        Assert.Equal([Two], _replica.Records);
    }

    [Fact]
    public void Pieces_count_when_the_last_is_there_and_only_in_order()
    {
        Assert.True(_replica.TryAdd(Whole(1, OtherOne)));
        var version = new AccessVersion(2, One.Mark + Two.Mark);
        Assert.True(_replica.TryAdd(new(null, version, 0, IsLast: false, [One])));
        Assert.Equal([OtherOne], _replica.Records);
        Assert.False(_replica.TryAdd(new(null, version, 2, IsLast: true, [Two])));
        Assert.False(_replica.TryAdd(new(null, version, 1, IsLast: true, [Two])));
        Assert.True(_replica.TryAdd(new(null, version, 0, IsLast: false, [Two])));
        Assert.False(_replica.TryAdd(new(null, version, 1, IsLast: true, [One])));
        Assert.Equal([OtherOne], _replica.Records);
        Assert.True(_replica.TryAdd(new(null, version, 0, IsLast: false, [One])));
        Assert.True(_replica.TryAdd(new(null, version, 1, IsLast: true, [Two])));
        Assert.Equal(version, _replica.Version);
        Assert.Equal([One, Two], _replica.Records);
    }

    [Fact]
    public void An_edge_keeps_so_many_and_no_more()
    {
        var records = Enumerable.Range(0, ControlLimits.MaxAccessRecords + 1).Select(number => new AccessRecord(AccessKind.Key, $"{number:d6}", [1])).ToList();
        var pieces = AccessMessage.Cut(null, new(1, records.Aggregate(0UL, (sum, record) => sum + record.Mark)), records).ToList();
        Assert.All(pieces[..^1], piece => Assert.True(_replica.TryAdd(piece)));
        Assert.False(_replica.TryAdd(pieces[^1]));
        Assert.Empty(_replica.Records);

        records.RemoveAt(0);
        foreach (var piece in AccessMessage.Cut(null, new(1, records.Aggregate(0UL, (sum, record) => sum + record.Mark)), records))
            Assert.True(_replica.TryAdd(piece));
        var more = new AccessRecord(AccessKind.Revocation, "a/sub/b", [1]);
        Assert.False(_replica.TryAdd(Change(_replica.Version, _replica.Version.Mark + more.Mark, more)));
        Assert.Equal(ControlLimits.MaxAccessRecords, _replica.Records.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_chain_of_changes_leads_to_what_its_end_says_and_comes_back_from_the_disk(int seed)
    {
        var random = new Random(seed);
        var samples = new ControlSamples(random);
        var truth = new Dictionary<(AccessKind, string), AccessRecord>();
        for (ulong number = 1; number <= 200; number++)
        {
            var changes = samples.Records();
            foreach (var change in changes)
            {
                if (change.IsGone)
                    truth.Remove((change.Kind, change.Name));
                else
                    truth[(change.Kind, change.Name)] = change;
            }

            var version = new AccessVersion(number, truth.Values.Aggregate(0UL, (sum, record) => sum + record.Mark));
            var isWhole = random.Next(10) == 0;
            foreach (var piece in AccessMessage.Cut(isWhole ? null : _replica.Version, version, isWhole ? truth.Values.Order(AccessRecord.ByName) : changes))
                Assert.True(_replica.TryAdd(Through(piece)));
            Assert.Equal(version, _replica.Version);
            Assert.Equal(truth.Values.Order(AccessRecord.ByName), _replica.Records);
        }

        var restarted = new AccessReplica();
        foreach (var piece in _replica.ToMessages())
            Assert.True(restarted.TryAdd(Through(piece)));
        Assert.Equal((_replica.Version, _replica.Records.Count), (restarted.Version, restarted.Records.Count));
    }

    [Fact]
    public void The_longest_records_keep_the_bound_of_a_piece()
    {
        var records = Enumerable.Range(0, 500).Select(number => new AccessRecord(AccessKind.Key, $"{number:d3}{new string('x', ControlLimits.MaxAccessName - 3)}", new byte[ControlLimits.MaxAccessBody]));
        var pieces = AccessMessage.Cut(null, new(1, 1), records).ToList();
        Assert.All(pieces, piece => Assert.InRange(piece.ToFrame().Length, 1, ControlLimits.MaxPiece));
        Assert.Equal(500, pieces.Sum(piece => Through(piece).Records.Count));
    }

    private static AccessMessage Through(AccessMessage piece)
    {
        Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(piece.ToFrame().AsSpan(4), out var read));
        return (AccessMessage)read!;
    }

    private static AccessMessage Whole(ulong number, params AccessRecord[] records) =>
        new(null, new(number, records.Aggregate(0UL, (sum, record) => sum + record.Mark)), 0, IsLast: true, records);

    private static AccessMessage Change(AccessVersion from, ulong mark, AccessRecord change) => new(from, new(from.Number + 1, mark), 0, IsLast: true, [change]);
}
