using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus;

/// <summary>Connections are cut at any byte while messages go both ways: within the window nothing is lost and nothing comes twice.</summary>
public sealed class BusResumptionTests
{
    private const int Messages = 400;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Cuts_lose_and_repeat_nothing(int seed)
    {
        var random = new Random(seed);
        var wires = new BusWires(seed);
        var players = Enumerable.Range(0, 3).Select(index => wires.Join($"p{index}")).ToArray();
        foreach (var player in players)
            player.Subscribe("shop.>");
        wires.Carry();
        var sent = new int[players.Length];
        for (var step = 0; step < Messages; step++)
        {
            var who = random.Next(players.Length);
            players[who].Publish($"shop.{who}", Payload(random, sent[who]++));
            wires.Carry(random.Next(12));
            wires.Wait(Duration.FromMilliseconds(random.Next(30)));
            Shake(random, wires, players);
        }

        Settle(wires, players);
        foreach (var player in players)
        {
            Assert.Empty(player.Gaps);
            AssertInOrder(player, sent);
        }

        Assert.Contains(players, player => player.Resumptions > 0);
        Assert.All(players, player => Assert.Equal(player.Client.LastPublished, player.Settled));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Another_edge_repeats_nothing_and_tells_what_may_be_missing(int seed)
    {
        var random = new Random(seed);
        var wires = new BusWires(seed);
        var publisher = wires.Join("publisher");
        var listener = wires.Join("listener");
        listener.Subscribe("shop.>");
        wires.Carry();
        var settledAtDeath = 0;
        for (var sent = 0; sent < Messages; sent++)
        {
            publisher.Publish("shop.0", Payload(random, sent));
            wires.Carry(random.Next(10));
            if (sent != Messages / 2)
                continue;
            wires.Replace();
            settledAtDeath = (int)publisher.Settled;

            // The one who listens is there first, as one who was subscribed is asked to be.
            wires.Connect(listener);
            wires.Carry();
            wires.Connect(publisher);
        }

        Settle(wires, [publisher, listener]);
        var heard = listener.Heard.Select(one => BinaryPrimitives.ReadInt32BigEndian(one.Payload)).ToArray();
        Assert.Equal(heard.Distinct().Order(), heard);
        Assert.All(Enumerable.Range(0, Messages).Except(heard), missing => Assert.InRange(missing, 0, settledAtDeath - 1));
        Assert.Equal((0ul, GapReason.Moved), listener.Gaps.Select(gap => (gap.Missed, gap.Reason)).Single());
        Assert.Equal((ulong)Messages, publisher.Settled);
    }

    private static byte[] Payload(Random random, int number)
    {
        var payload = new byte[random.Next(20) == 0 ? 20_000 : 4 + random.Next(300)];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return payload;
    }

    private static void Shake(Random random, BusWires wires, BusPlayer[] players)
    {
        foreach (var player in players)
        {
            if (wires.IsCut(player))
            {
                if (random.Next(4) == 0)
                    wires.Connect(player);
            }
            else if (random.Next(25) == 0)
            {
                wires.Cut(player);

                // Some call again before the edge has seen that they were gone; it is one session all the same.
                if (random.Next(2) == 0)
                    wires.Connect(player);
            }
        }
    }

    private static void Settle(BusWires wires, BusPlayer[] players)
    {
        foreach (var player in players.Where(wires.IsCut))
            wires.Connect(player);
        for (var round = 0; round < 5; round++)
        {
            Assert.True(wires.Carry());
            wires.Wait(Duration.FromMilliseconds(50));
        }
    }

    private static void AssertInOrder(BusPlayer player, int[] sent)
    {
        for (var who = 0; who < sent.Length; who++)
        {
            var heard = player.Heard.Where(one => one.Subject == $"shop.{who}").Select(one => BinaryPrimitives.ReadInt32BigEndian(one.Payload));
            Assert.Equal(Enumerable.Range(0, sent[who]), heard);
        }
    }
}
