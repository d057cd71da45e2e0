using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Protocol.Wire;
using WeCan.Runtime.Routing;

namespace WeCan.Runtime.Tests.Routing;

/// <summary>A node begins with the routes that it had, or with none: never with what a disk made of them.</summary>
public sealed class RouteFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wecan-");

    private string FilePath => Path.Combine(_folder.FullName, "routes");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Routes_come_back_from_the_disk()
    {
        var replica = Make();
        RouteFile.Save(FilePath, replica);
        var loaded = new RouteReplica();
        Assert.True(RouteFile.TryLoad(FilePath, loaded, NullLogger.Instance));
        Assert.Equal((replica.Version, replica.Routes.Count), (loaded.Version, loaded.Routes.Count));
        Assert.Equal(replica.Find(new(700)), loaded.Find(new(700)));
    }

    [Fact]
    public void Where_there_is_no_file_there_are_no_routes() => Assert.False(RouteFile.TryLoad(FilePath, new(), NullLogger.Instance));

    [Fact]
    public void A_file_with_any_bit_wrong_or_any_part_missing_is_set_aside()
    {
        RouteFile.Save(FilePath, Make());
        var good = File.ReadAllBytes(FilePath);
        for (var at = 0; at < good.Length; at += 1 + (good.Length / 400))
        {
            var bad = at % 2 == 0 ? good[..at] : [.. good];
            if (at % 2 == 1)
                bad[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(FilePath, bad);
            var loaded = new RouteReplica();
            var isTaken = RouteFile.TryLoad(FilePath, loaded, NullLogger.Instance);

            // Of a version's number nothing depends but what a controller is asked for.
            Assert.True(!isTaken || loaded.Version.Mark == Make().Version.Mark, $"Damage at {at} was taken.");
            Assert.Equal(!isTaken, File.Exists(FilePath + ".damaged"));
            File.Delete(FilePath + ".damaged");
        }
    }

    [Fact]
    public void What_a_controller_may_say_is_what_a_node_can_take() =>
        Assert.Equal((WireLimits.MaxRoutes, WireLimits.MaxRouteNodes - 2), (ControlLimits.MaxWays, ControlLimits.MaxRelays));

    private static RouteReplica Make()
    {
        DestinationRoutes[] routes = [.. Enumerable.Range(1, 1_500).Select(number => new DestinationRoutes(new((ushort)number), [], [new((ushort)(number + 1))]))];
        var replica = new RouteReplica();
        foreach (var piece in RoutesMessage.Cut(null, new(3, routes.Aggregate(0UL, (sum, one) => sum + one.Mark)), routes))
            Assert.True(replica.TryAdd(piece));
        return replica;
    }
}
