using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

public sealed class ReceiveMemoryTests
{
    [Fact]
    public void NeitherANodeNorAnOriginNorAPartGoesOverItsBound()
    {
        var shared = new TransportShared(new BootEpoch(1), TransportOptions.Default);
        Peer[] origins = [new(shared, new NodeId(1)), new(shared, new NodeId(2)), new(shared, new NodeId(3))];
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var random = new SimRandom(seed);
            var memory = new ReceiveMemory(10_000, 4_000);
            var taken = new List<(Peer Origin, int Bytes)>();
            var ahead = new List<(Peer Origin, int Bytes)>();
            for (var i = 0; i < 500; i++)
            {
                var origin = origins[random.Below(3)];
                var bytes = 1 + random.Below(1_500);
                var (held, limit, limitPerOrigin) = random.Chance(0.5) ? (taken, 7_500, 3_000) : (ahead, 2_500, 1_000);
                var fits = held.Sum(h => h.Bytes) + bytes <= limit && held.Where(h => h.Origin == origin).Sum(h => h.Bytes) + bytes <= limitPerOrigin;
                Assert.Equal(fits, held == taken ? memory.TryTake(origin, bytes) : memory.TryTakeAhead(origin, bytes));
                if (fits)
                    held.Add((origin, bytes));
                while (held.Count > 0 && random.Chance(0.4))
                    GiveLast(memory, held, isAhead: held == ahead);
                Assert.Equal(taken.Sum(h => h.Bytes) + ahead.Sum(h => h.Bytes), memory.Used);
            }

            while (taken.Count > 0)
                GiveLast(memory, taken, isAhead: false);
            while (ahead.Count > 0)
                GiveLast(memory, ahead, isAhead: true);
            Assert.Equal(0, memory.Used);
        }
    }

    private static void GiveLast(ReceiveMemory memory, List<(Peer Origin, int Bytes)> held, bool isAhead)
    {
        var (origin, bytes) = held[^1];
        held.RemoveAt(held.Count - 1);
        if (isAhead)
            memory.GiveAhead(origin, bytes);
        else
            memory.Give(origin, bytes);
    }
}
