using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Liars;

/// <summary>Lies in the frames of a link: docs/wire-format.md, section 5.</summary>
internal static class LinkLies
{
    public static IEnumerable<Lie> All =>
    [
        new("acknowledges what was never sent", Say: (liar, _) => liar.Member.Say(Ack(liar.HeardNext + 1_000, 0))) { IsProvable = true },
        new("acknowledges what did not come", liar =>
        {
            liar.Hears = (number, _) => number % 2 == 0;
            liar.Acknowledge = frames => frames.AddRange(Ack(liar.HeardNext - 1, liar.HeardNext - 1));
        }) { Loaded = true, IsProvable = true },
        new("acknowledges nothing", liar => liar.Acknowledge = _ => { }) { Loaded = true },
        new("acknowledges the newest only", liar => liar.Acknowledge = frames => frames.AddRange(Ack(liar.HeardNext - 1, 0))) { Loaded = true },
        new("admits a half", liar => liar.Hears = (number, _) => number % 2 == 0) { Loaded = true },
        new("admits a tenth", liar => liar.Hears = (number, _) => number % 10 == 0) { Loaded = true },
        new("acknowledges each half in turn", liar =>
        {
            var turn = 0UL;
            liar.Acknowledge = frames => frames.AddRange(Ack(Math.Max(liar.HeardNext, 2) - 1 - (++turn % 2), 0));
        }) { Loaded = true, IsProvable = true },
        new("acknowledges all again and again", Say: (liar, _) => Repeat(4, () => liar.Member.Say(Ack(liar.HeardNext - 1, liar.HeardNext - 1)))) { Loaded = true, IsProvable = true },
        new("admits a tenth, and confirms holes", liar =>
        {
            liar.Hears = (number, _) => number % 10 == 0;
            TransportLies.ConfirmHoles(liar);
        }) { Loaded = true },
        new("says that it held all for an hour", liar => liar.Acknowledge = frames => frames.AddRange(Ack(liar.HeardNext - 1, 0, delay: 3_600_000_000))) { Loaded = true },
        new("says that nothing long came", liar => liar.Hears = (_, length) => length < 700) { Loaded = true },
        new("tells any time", liar =>
        {
            var random = new Random(1);
            liar.TimeError = () => (uint)random.Next();
        }) { Loaded = true },
        new("asks", Say: (liar, _) => liar.Member.Say([FrameType.Ping])),
        new("asks with gaps of two", Say: (liar, _) => Skip(liar, 2)),
        new("asks with gaps of sixty", Say: (liar, _) => Skip(liar, 60)),
        new("asks whether the victim lives", Say: (liar, _) => liar.Member.Say(Life(asks: true, wish: 20, loss: 0))),
        new("wishes for much life and claims to hear little", Say: (liar, _) => liar.Member.Say(Life(asks: false, wish: 20, loss: 0.99))),
        new("excuses all", Say: (liar, tick) => liar.Member.Say([FrameType.Trial, 0, 0, (byte)(tick >> 8), (byte)tick, FrameType.Ping])),
        new("offers keys", Say: (liar, tick) => liar.Member.Say(Offer(generation: 1, tick))),
        new("offers keys of any generation", Say: (liar, tick) => liar.Member.Say(Offer((uint)tick, tick))),
        new("sends halves", Say: (liar, tick) => liar.Member.Say([0x14 | (byte)ServiceClass.Bulk, 0, (byte)(tick >> 7), (byte)(tick << 1), 0, 1, 2, 3])),
        new("repairs what nobody sent", Say: (liar, tick) => liar.Member.Say(Repair(ServiceClass.Realtime, (ulong)tick * 70, tick, 64, apart: 1, 1_000))),
        new("repairs the same by the same row", Say: (liar, _) => liar.Member.Say(Repair(ServiceClass.Realtime, 10, 7, 3, apart: 1, 40))),
        new("repairs far apart", Say: (liar, tick) => liar.Member.Say(Repair(ServiceClass.Realtime, (ulong)tick * 5_000, tick, 2, apart: 4_095, 40))),
        new("repairs what is long gone", Say: (liar, tick) => liar.Member.Say(Repair(ServiceClass.Realtime, (1UL << 23) + (ulong)(tick % 7), tick, 5, apart: 9, 40))),
        new("contradicts its own symbols", Say: (liar, tick) =>
        {
            liar.Member.SayPackets(ServiceClass.Realtime, liar.Packet(ServiceClass.Realtime, [0x40, 1, 2], [liar.Id, Lie.Victim]));
            liar.Member.Say(Repair(ServiceClass.Realtime, (ulong)tick, tick, 4, apart: 1, 200));
        }),
    ];

    private static byte[] Ack(ulong largest, ulong first, ulong delay = 0)
    {
        var writer = new WireWriter(new byte[40]);
        writer.WriteByte(FrameType.Ack);
        writer.WriteUInt32((uint)largest);
        writer.WriteVarInt(delay);
        writer.WriteByte(0);
        writer.WriteVarInt(first);
        writer.WriteByte(0);
        return writer.Written.ToArray();
    }

    private static byte[] Life(bool asks, int wish, double loss)
    {
        var writer = new WireWriter(new byte[LifeFrame.Length]);
        new LifeFrame(asks, Duration.FromMilliseconds(50), Duration.FromMilliseconds(wish), loss, 4).Write(ref writer);
        return writer.Written.ToArray();
    }

    private static byte[] Offer(uint generation, int seed)
    {
        using var key = P256KeyPair.Generate(DeterministicRandom.FromNumber((ulong)seed % 16));
        var writer = new WireWriter(new byte[80]);
        writer.WriteByte(FrameType.RekeyOffer);
        writer.WriteUInt32(generation);
        writer.WriteBytes(key.PublicKey.ToArray());
        return writer.Written.ToArray();
    }

    private static byte[] Repair(ServiceClass serviceClass, ulong first, int row, int count, int apart, int length)
    {
        var symbols = Enumerable.Range(0, count).Select(i => first + (ulong)(i * apart)).ToArray();
        var writer = new WireWriter(new byte[1_060]);
        RepairFrame.WriteHead(ref writer, serviceClass, (byte)row, symbols);
        writer.Reserve(Math.Min(length, writer.Room)).Fill((byte)row);
        return writer.Written.ToArray();
    }

    private static void Skip(LyingNode liar, ulong numbers)
    {
        liar.Member.Next += numbers;
        liar.Member.Say([FrameType.Ping]);
    }

    private static void Repeat(int times, Action say)
    {
        for (var i = 0; i < times; i++)
            say();
    }
}
