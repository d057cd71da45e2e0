using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus;

/// <summary>Of a queue group one member gets each message, whoever comes and goes.</summary>
public sealed class QueueGroupTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    [Fact]
    public void Each_message_goes_to_one_and_equals_have_their_turns()
    {
        var wires = new BusWires(1);
        var shop = wires.Join("shop");
        var workers = Enumerable.Range(0, 40).Select(index => wires.Join($"w{index}")).ToArray();
        foreach (var worker in workers)
            worker.Subscribe("shop.jobs.*", group: "workers");
        var all = wires.Join("all");
        all.Subscribe("shop.>");
        var other = wires.Join("other");
        other.Subscribe("shop.jobs.*", group: "others");
        wires.Carry();
        Assert.Equal(42, wires.Edge.Dispatcher.Count);
        for (var index = 0; index < 4_000; index++)
        {
            shop.Publish("shop.jobs.a", Payload(index, 100));
            wires.Carry();
        }

        Assert.All(workers, worker => Assert.InRange(worker.Heard.Count, 80, 120));
        Assert.Equal(Enumerable.Range(0, 4_000), Numbers(workers).Order());
        Assert.Equal(Enumerable.Range(0, 4_000), Numbers([all]));
        Assert.Equal(Enumerable.Range(0, 4_000), Numbers([other]));
    }

    [Fact]
    public void A_group_is_one_whatever_patterns_its_members_have_and_who_else_listens_in_their_sessions()
    {
        var wires = new BusWires(2);
        var shop = wires.Join("shop");
        var one = wires.Join("one");
        var two = wires.Join("two");
        var wide = one.Subscribe("shop.>", group: "workers");
        two.Subscribe("shop.jobs.*", group: "workers");
        var plain = two.Subscribe("shop.jobs.*");
        wires.Carry();
        for (var index = 0; index < 100; index++)
        {
            shop.Publish("shop.jobs.a", Payload(index, 100));
            wires.Carry();
        }

        Assert.Equal(Enumerable.Range(0, 100), Numbers([two], plain));
        Assert.Equal(Enumerable.Range(0, 100), Numbers([one]).Concat(Numbers([two], plain, isOthers: true)).Order());
        Assert.InRange(one.Heard.Count, 30, 70);
        one.Client.Unsubscribe(wide);
        wires.Carry();
        shop.Publish("shop.other", []);
        shop.Publish("shop.jobs.a", Payload(100, 100));
        wires.Carry();
        Assert.Equal((102, 2), (two.Heard.Count - 100 + one.Heard.Count, wires.Edge.Dispatcher.Count));
    }

    [Fact]
    public void Who_has_least_to_do_gets_more_and_who_is_away_nothing()
    {
        var wires = new BusWires(3);
        var shop = wires.Join("shop");
        var slow = wires.Join("slow");
        var quick = wires.Join("quick");
        var away = wires.Join("away");
        slow.Reads = false;
        foreach (var worker in (BusPlayer[])[slow, quick, away])
            worker.Subscribe("shop.jobs", group: "workers");
        wires.Carry();
        wires.Cut(away);
        for (var index = 0; index < 1_000; index++)
        {
            shop.Publish("shop.jobs", Payload(index, 10_000));
            wires.Carry();
        }

        Assert.Equal(1_000, slow.Heard.Count + quick.Heard.Count);
        Assert.InRange(slow.Heard.Count, 1, 2);
        wires.Connect(away);
        wires.Carry();
        Assert.Empty(away.Heard);
        Assert.Empty(slow.Gaps.Concat(quick.Gaps).Concat(away.Gaps));
    }

    [Fact]
    public void What_waits_for_a_group_of_which_nobody_is_there_goes_to_the_first_who_comes()
    {
        var wires = new BusWires(4);
        var shop = wires.Join("shop");
        var workers = Enumerable.Range(0, 3).Select(index => wires.Join($"w{index}")).ToArray();
        workers[0].Subscribe("shop.jobs", group: "workers");
        workers[1].Subscribe("shop.jobs", group: "workers");
        wires.Carry();
        wires.Cut(workers[0]);
        wires.Cut(workers[1]);
        for (var index = 0; index < 100; index++)
            shop.Publish("shop.jobs", Payload(index, 100));
        wires.Carry();
        workers[2].Subscribe("shop.jobs", group: "workers");
        wires.Carry();
        Assert.Equal(Enumerable.Range(0, 100), Numbers([workers[2]]).Order());

        wires.Cut(workers[2]);
        for (var index = 100; index < 200; index++)
            shop.Publish("shop.jobs", Payload(index, 100), life: index < 150 ? 1_000u : 0);
        wires.Carry();
        wires.Wait(Duration.FromSeconds(2));
        wires.Connect(workers[1]);
        wires.Carry();
        Assert.Equal(Enumerable.Range(150, 50), Numbers([workers[1]]).Order());
        foreach (var worker in (BusPlayer[])[workers[0], workers[2]])
            wires.Connect(worker);
        wires.Carry();
        Assert.Empty(workers[0].Heard);
        Assert.Equal(100, workers[2].Heard.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Members_that_come_and_go_lose_nothing_and_repeat_only_what_nobody_could_know(int seed)
    {
        var random = new Random(seed);
        var wires = new BusWires(seed);
        var shop = wires.Join("shop");
        var names = 0;
        var here = new List<BusPlayer> { wires.Join("anchor") };
        here[0].Subscribe("shop.jobs.a", group: "workers");
        var gone = new List<BusPlayer>();
        wires.Carry();
        for (var step = 0; step < 400; step++)
        {
            if (random.Next(15) == 0)
            {
                here.Add(wires.Join($"w{names++}"));
                here[^1].Subscribe(random.Next(2) == 0 ? "shop.jobs.a" : "shop.jobs.*", random.Next(2) == 0 ? OverloadPolicy.DropLowest : OverloadPolicy.PushBack, "workers");
                here[^1].Reads = random.Next(3) != 0;
                wires.Carry();
            }

            shop.Publish("shop.jobs.a", Payload(step, random.Next(10) == 0 ? 20_000 : 100));
            wires.Carry(random.Next(12));
            Shake(random, wires, here, gone);
            wires.Wait(Duration.FromMilliseconds(random.Next(10) == 0 ? random.Next(20_000) : random.Next(30)));
        }

        // Those who are away stay away, and all others read what there is.
        here.Add(wires.Join("last"));
        here[^1].Subscribe("shop.>", group: "workers");
        wires.Carry();
        wires.Wait(Duration.FromSeconds(31));
        foreach (var worker in here)
            worker.ReadAll();
        Assert.True(wires.Carry());
        wires.Wait(Duration.FromSeconds(1));
        Assert.True(wires.Carry());

        // Of who has lost a session nobody knows what it had.
        var players = here.Concat(gone).ToArray();
        var sure = players.Where(player => !wires.IsCut(player) && player.Readies - player.Resumptions == 1).ToArray();
        Assert.Equal(Numbers(sure).Distinct().Count(), Numbers(sure).Count());
        Assert.Equal(Enumerable.Range(0, 400), Numbers(players).Distinct().Order());
        Assert.True(Numbers(players).Count() < 450);
        Assert.Equal(400ul, shop.Settled);
        Assert.All(players, worker => Assert.DoesNotContain(worker.Gaps, gap => gap.Reason != GapReason.Moved));
        Assert.Equal(0, wires.Edge.Counters.Orphaned);
    }

    private static void Shake(Random random, BusWires wires, List<BusPlayer> here, List<BusPlayer> gone)
    {
        // The first is never away for long, so that there is always a session for what is published.
        if (wires.IsCut(here[0]))
        {
            wires.Connect(here[0]);
            wires.Carry();
        }

        foreach (var worker in here.ToArray())
        {
            if (wires.IsCut(worker))
            {
                if (random.Next(4) == 0)
                    wires.Connect(worker);
            }
            else if (random.Next(25) == 0)
            {
                wires.Cut(worker);
            }
            else if (worker != here[0] && random.Next(60) == 0)
            {
                // It says goodbye and takes no more, or takes what is on its way; cut in between it may come back for that.
                if (random.Next(2) == 0)
                    worker.Client.Drain(1);
                else
                    worker.Client.Leave();
                here.Remove(worker);
                gone.Add(worker);
                wires.Carry(random.Next(12));
                if (random.Next(3) == 0)
                    wires.Cut(worker);
            }
        }
    }

    private static IEnumerable<int> Numbers(IEnumerable<BusPlayer> players, uint subscription = 0, bool isOthers = false) => players
        .SelectMany(player => player.Heard)
        .Where(heard => subscription == 0 || (heard.Subscription == subscription) != isOthers)
        .Select(heard => BinaryPrimitives.ReadInt32BigEndian(heard.Payload));

    private static byte[] Payload(int number, int size)
    {
        var payload = new byte[size];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return payload;
    }
}
