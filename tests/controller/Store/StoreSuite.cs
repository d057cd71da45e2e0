using System.Security.Cryptography;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Store;

/// <summary>What every store keeps to, whatever it is made of: held by each store's own tests.</summary>
public abstract class StoreSuite : IDisposable
{
    private static readonly ECPoint Point = PointOfNew();

    /// <summary>Opens the store of this test again, after the one before was disposed of; the first time it is empty.</summary>
    internal abstract IControllerStore Open();

    public abstract void Dispose();

    [Fact]
    public void An_empty_store_holds_nothing()
    {
        using var store = Open();
        Assert.Equal(Samples.Describe(new()), Samples.Describe(store.Load()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_was_committed_is_there_after_each_reopening(int seed)
    {
        var (random, ofAccess) = (new Random(seed), new Random(seed));
        var expected = new ControllerState();
        var store = Open();
        Commit(store, expected, new() { Network = Samples.Network });
        var core = new ControllerCore(new() { KeptChanges = 20, Rest = Duration.FromSeconds(30) }, Samples.Office, store.Load());
        for (var step = 0; step < 250; step++)
        {
            for (var commands = random.Next(1, 4); commands > 0; commands--)
                Command(core, random, step);
            if (step % 7 == 0)
                core.SetPolicy(Samples.At(step * 5), new(PolicyDocument.Default with { RelayTime = Duration.FromMicroseconds(step % 3) }, core.Policies.Newest.Version, "ann", $"step {step}: ä ' \" \\ €"));
            if (step % 3 == 0)
                Access(core, ofAccess, step);
            if (core.TakeTransaction() is { } transaction)
                Commit(store, expected, transaction);
            if (random.Next(10) != 0)
                continue;
            store.Dispose();
            store = Open();
            Assert.Equal(Samples.Describe(expected), Samples.Describe(store.Load()));
            core = new(new() { KeptChanges = 20, Rest = Duration.FromSeconds(30) }, Samples.Office, store.Load());
        }

        Assert.True(expected.Base.Number > 0 && expected.Members.Count > 0 && expected.Tokens.Count > 0 && expected.Rests.Count > 0 && expected.ApiTokens.Count > 0 && expected.Audit.Count > 0 && expected.Policies.Count > 0 && expected.Access.Count > 0 && expected.AccessNumber > 10, "The run has not come to everything.");
        Assert.Equal(Samples.Describe(expected), Samples.Describe(store.Load()));
        store.Dispose();
    }

    [Fact]
    public void Who_may_come_to_the_bus_comes_back_word_for_word()
    {
        AccessRow Row(AccessKind kind, string name, byte[] body) => new(new(kind, name, body), Samples.Start, "ann (API token 0123456789abcdef)");
        AccessRow[] rows = [Row(AccessKind.Key, "A'ä\"€😀", [0, 1, 255]), Row(AccessKind.Key, "a", [1]), Row(AccessKind.Key, "gone", [1]), Row(AccessKind.Revocation, "a", [2])];
        using (var store = Open())
        {
            var first = new StoreTransaction { Network = Samples.Network, AccessNumber = 4 };
            foreach (var row in rows)
                first.Access[row.Key] = row;
            store.Commit(first);
            var second = new StoreTransaction { AccessNumber = ulong.MaxValue >> 1 };
            second.Access[rows[2].Key] = null;
            second.Access[rows[1].Key] = rows[1] with { Who = "bob" };
            store.Commit(second);
        }

        using var again = Open();
        var state = again.Load();
        Assert.Equal(ulong.MaxValue >> 1, state.AccessNumber);
        Assert.Equal([rows[0], rows[1] with { Who = "bob" }, rows[3]], state.Access.Values);
    }

    [Fact]
    public void Numbers_of_all_64_bits_come_back()
    {
        using (var store = Open())
        {
            var token = new TokenRow { Id = ulong.MaxValue, SecretHash = Samples.SecretHash(1), Role = NodeRole.Edge, UsesLeft = 3, Created = Samples.Start, Expires = UnixTime.MaxValue, IsRevoked = true };
            var transaction = new StoreTransaction { NewBase = new(5, ulong.MaxValue) };
            transaction.Tokens[token.Id] = token;
            store.Commit(transaction);
        }

        using var again = Open();
        var state = again.Load();
        Assert.Equal(new(5, ulong.MaxValue), state.Base);
        Assert.Equal((ulong.MaxValue, 3, true), (state.Tokens.Values.Single().Id, state.Tokens.Values.Single().UsesLeft, state.Tokens.Values.Single().IsRevoked));
    }

    [Fact]
    public void Versions_of_the_policy_come_back_word_for_word_and_those_before_the_bound_are_gone()
    {
        PolicyRow Row(long version) => new(version, Samples.Start, "ann (API token 0123456789abcdef)", $"Why {version}: 'ä\"\\€😀", $"{{\n  \"name\": \"{version} 'ä\\\"€😀\"\n}}\n");
        using (var store = Open())
        {
            var first = new StoreTransaction { Network = Samples.Network };
            first.Policies.AddRange([Row(1), Row(2), Row(3)]);
            store.Commit(first);
            var second = new StoreTransaction { PolicyBefore = 3 };
            second.Policies.Add(Row(4));
            store.Commit(second);
        }

        using var again = Open();
        Assert.Equal([Row(3), Row(4)], again.Load().Policies);
    }

    private static void Command(ControllerCore core, Random random, int step)
    {
        var now = Samples.At(step * 5);
        var id = (ulong)random.Next(1, 30);
        switch (random.Next(8))
        {
            case 0:
                core.CreateToken(now, new() { Role = random.Next(2) == 0 ? NodeRole.Relay : NodeRole.Edge, Uses = random.Next(1, 20), Region = "eu" }, id, Samples.SecretHash(id));
                break;
            case 1:
                core.RevokeToken(random.Next(10) == 0 ? id : 0);
                break;
            case 2:
                core.Revoke(now, new((ushort)random.Next(1, 10)));
                break;
            case 3:
                core.HandleTimeout(now);
                break;
            case 4:
                core.Api.Note(now.Wall, "somebody", $"did {step}");
                break;
            case 5:
                _ = random.Next(4) == 0
                    ? core.Api.Revoke(id) is null
                    : core.Api.TryAdd(new() { Id = id, SecretHash = Samples.SecretHash(id), Role = ApiRole.Operator, Name = "grafana", Created = now.Wall, Expires = now.Wall + Duration.FromSeconds(60) });
                break;
            default:
                core.Enrol(now, Samples.Order(id, (ulong)random.Next(1, 400), random.Next(2) == 0 ? NodeRole.Relay : NodeRole.Edge));
                break;
        }
    }

    private static void Access(ControllerCore core, Random random, int step)
    {
        var (now, name) = (Samples.At(step * 5).Wall, $"c{random.Next(12)}");
        _ = random.Next(5) switch
        {
            0 => core.Access.AddKeys(now, "ann", [new($"k{random.Next(8)}", Point, random.Next(2) == 0 ? [] : ["shop", "bank"])]),
            1 => core.Access.RemoveKey(now, "ann", $"k{random.Next(8)}"),
            2 => core.Access.Restore(now, "ann", "shop", isClient: true, name),
            _ => core.Access.Revoke(now, "ann", Revocation.Of(now, "shop", isClient: true, name, now + Duration.FromSeconds(random.Next(3_600)))),
        };
    }

    private static void Commit(IControllerStore store, ControllerState expected, StoreTransaction transaction)
    {
        store.Commit(transaction);
        expected.Apply(transaction);
    }

    private static ECPoint PointOfNew()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportParameters(includePrivateParameters: false).Q;
    }
}
