using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus.Interest;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.Lab.Wan;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus.Interest;

/// <summary>docs/wire-format.md, section 11: what is written is read again, and whatever else comes is refused without an exception, and leaves a desk in bounds.</summary>
public sealed class InterestFrameTests
{
    [Fact]
    public void The_bytes_are_the_ones_on_the_page()
    {
        Span<byte> head = stackalloc byte[InterestHead.Length];
        new InterestHead { Session = 0x0000_0001_4000_0002, Heard = 9 }.Write(head);
        Assert.Equal([0x03, 0, 0, 0, 1, 0x40, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9], head.ToArray());
        Assert.Equal([9, 0x92, 2, 0xA6, .. "shop.>"u8], Written(batch => new NameFrame { Kind = InterestKind.Add, Name = "shop.>"u8 }.Write(batch), 1));
        Assert.Equal([3, 0x92, 6, 7], Written(batch => new CountFrame(InterestKind.Complete, 7).Write(batch), 1));
        Assert.Equal([8, 0x93, 5, 0xA4, .. "shop"u8, 3], Written(batch => new VersionFrame { Kind = InterestKind.Told, Space = "shop"u8, Version = 3 }.Write(batch), 1));
        Assert.Equal([4, 0x93, 14, 5, 6], Written(batch => new PingFrame(5, 6).Write(batch), 1));
        Assert.Equal([4, 0x93, 10, 5, 2], Written(batch => new EndedFrame(5, EndReason.NotHome).Write(batch), 1));
        Assert.Equal([4, 0x93, 15, 5, 2], Written(batch => new AskFrame(5, new(2)).Write(batch), 1));
        Assert.Equal([5, 0x94, 16, 5, 2, 9], Written(batch => new AnswerFrame(5, new(2), 9).Write(batch), 1));
    }

    [Fact]
    public void Any_bytes_are_taken_whole_or_refused_and_a_desk_stays_in_bounds()
    {
        var random = new WanRandom(WanRandom.Derive(2, 5));
        var corpus = Corpus();
        var (victim, liar) = (new NodeId(1), new NodeId(2));
        var (taken, refused) = (0, 0);
        for (var round = 0; round < 40; round++)
        {
            var desk = new InterestDesk(victim, new(1), 5);
            var now = MonoTime.FromSeconds(1);
            desk.SetMembership(now, 1, [victim, liar, new(3)]);
            desk.Subscribe(now, "shop.a"u8, 1);
            var message = new byte[InterestLimits.MaxMessage];
            var mine = desk.Take(now, liar, message) > 0 ? message[1..9] : [];
            for (var index = 0; index < 1_500; index++)
            {
                byte[] input = [InterestHead.First, 0, 0, 0, 1, 0x40, 0, 0, 1, .. mine];
                for (var frames = 1 + random.Next(3); frames > 0; frames--)
                    input = [.. input, .. Mutate(random, corpus[random.Next(corpus.Count)])];
                now += Duration.FromMilliseconds(random.Next(50));
                if (desk.TryHandle(now, liar, input))
                    taken++;
                else
                    refused++;
                desk.TryMatch(now, "shop.orders.new"u8, out _);
                desk.HandleTimeout(now);
                if (random.Next(4) > 0)
                    desk.Take(now, liar, message);
            }

            Assert.InRange(desk.Sizes.Registrations + desk.Sizes.Entries + desk.Sizes.SlicesGiven + desk.Sizes.HomeSpaces, 0, 6_000);
        }

        Assert.InRange(taken, 5_000, 59_000);
        Assert.InRange(refused, 1_000, 59_000);
    }

    [Fact]
    public void A_slice_counts_when_its_last_piece_has_come()
    {
        var (desk, now) = (new InterestDesk(new(1), new(1), 5), MonoTime.FromSeconds(1));
        NodeId[] edges = [new(1), new(2), new(3)];
        var space = Enumerable.Range(0, 100).Select(index => $"s{index}").First(name => !HomePair.Of(Encoding.UTF8.GetBytes(name), edges).Contains(new(1)));
        var subject = Encoding.UTF8.GetBytes($"{space}.a");
        desk.SetMembership(now, 1, edges);
        var message = new byte[InterestLimits.MaxMessage];
        Assert.Equal(InterestHead.Length, desk.Take(now, new(2), message));
        byte[] head = [InterestHead.First, 0, 0, 0, 1, 0x40, 0, 0, 1, .. message[1..9]];
        Assert.True(desk.TryHandle(now, new(2), head));
        Assert.False(desk.TryMatch(now, subject, out _));
        Assert.True(desk.TryHandle(now, new(2), [.. head, .. Written(batch => new CountFrame(InterestKind.Pong, (ulong)now.Nanoseconds).Write(batch), 1)]));
        Assert.True(desk.TryHandle(now, new(2), [.. head, .. Written(batch => Piece(batch, isLast: false, 2), 1)]));
        Assert.False(desk.TryMatch(now, subject, out _));
        Assert.True(desk.TryHandle(now, new(2), [.. head, .. Written(batch => Piece(batch, isLast: true, 3), 1)]));
        Assert.True(desk.TryMatch(now, subject, out var audience));
        Assert.Equal([new NodeId(2), new NodeId(3)], audience.ToArray().Order());
        Assert.False(desk.TryMatch(now + InterestLimits.Lease, subject, out _));

        void Piece(FrameBatch batch, bool isLast, ushort edge)
        {
            var writer = SliceFrame.Begin(batch, 1, isLast, Encoding.UTF8.GetBytes($"{space}.>"), 1);
            SliceFrame.WriteEntry(ref writer, subject, new(edge));
            batch.End(writer);
        }
    }

    [Fact]
    public void Who_is_no_member_says_nothing()
    {
        var desk = new InterestDesk(new(1), new(1), 5);
        desk.SetMembership(MonoTime.FromSeconds(1), 1, [new(1), new(2)]);
        byte[] hello = [InterestHead.First, 0, 0, 0, 1, 0x40, 0, 0, 1, .. new byte[8]];
        Assert.True(desk.TryHandle(MonoTime.FromSeconds(1), new(9), hello));
        Assert.Equal(0, desk.Take(MonoTime.FromSeconds(1), new(9), new byte[InterestLimits.MaxMessage]));
        Assert.False(desk.TryHandle(MonoTime.FromSeconds(1), new(2), hello.AsSpan(0, 16)));
        Assert.False(desk.TryHandle(MonoTime.FromSeconds(1), new(2), [InterestHead.First, .. new byte[16]]), "a session of no life");
        Assert.Equal(2, desk.Counters.Malformed);
    }

    [Fact]
    public void One_who_registers_without_end_is_held_to_the_bound_of_what_may_wait()
    {
        var desk = new InterestDesk(new(1), new(1), 5);
        var now = MonoTime.FromSeconds(1);
        desk.SetMembership(now, 1, [new(1), new(2)]);
        var message = new byte[InterestLimits.MaxMessage];
        var length = desk.Take(now, new(2), message);
        byte[] head = [InterestHead.First, 0, 0, 0, 1, 0x40, 0, 0, 1, .. message[1..9]];
        Assert.True(desk.TryHandle(now, new(2), head));
        byte[] ping = Written(batch => new PingFrame(5, 0).Write(batch), 1_000);
        for (var index = 0; index < 2_000; index++)
            Assert.True(desk.TryHandle(now, new(2), [.. head, .. ping]));
        Assert.True(length > 0);
        Assert.InRange(desk.Counters.Restarts, 1, 10);
    }

    private static byte[] Mutate(WanRandom random, byte[] frame)
    {
        var input = frame.AsSpan().ToArray();
        if (random.Next(3) > 0)
            return input;
        for (var changes = 1 + random.Next(3); changes > 0; changes--)
            input[random.Next(input.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? input[..random.Next(input.Length + 1)] : input;
    }

    private static List<byte[]> Corpus()
    {
        List<byte[]> corpus = [];
        for (var index = 0; index < 300; index++)
        {
            var number = index;
            var pattern = Encoding.UTF8.GetBytes(number % 7 == 0 ? $"shop.*.{number}" : number % 11 == 0 ? "shop.>" : $"s{number % 5}.a.{number}");
            corpus.Add(Written(batch => new NameFrame { Kind = number % 3 == 0 ? InterestKind.Remove : InterestKind.Add, Name = pattern }.Write(batch), 1));
            corpus.Add(Written(batch => new ChangeFrame { IsAdded = number % 3 > 0, Edge = new((ushort)(1 + (number % 4))), Pattern = pattern }.Write(batch), 1));
            corpus.Add(Written(batch => Slice(batch, (uint)number % 9, pattern), 1));
            corpus.Add(Written(batch => new FollowFrame { Slice = (uint)number * 20, Subject = Encoding.UTF8.GetBytes($"shop.a.{number}") }.Write(batch), 1));
            corpus.Add(Written(batch => new EndedFrame((uint)number % 9, (EndReason)(number % 6)).Write(batch), 1));
            corpus.Add(Written(batch => new PingFrame((ulong)number << 20, (ulong)number).Write(batch), 1));
            corpus.Add(Written(batch => new CountFrame((number % 4) switch { 0 => InterestKind.Begin, 1 => InterestKind.Complete, 2 => InterestKind.Pong, _ => InterestKind.Unfollow }, (ulong)number).Write(batch), 1));
            corpus.Add(Written(batch => new VersionFrame { Kind = (number % 3) switch { 0 => InterestKind.Told, 1 => InterestKind.Confirmed, _ => InterestKind.Leave }, Space = "shop"u8, Version = (ulong)number }.Write(batch), 1));
            corpus.Add(Written(batch => new AskFrame((ulong)number, new((ushort)(number % 5))).Write(batch), 1));
            corpus.Add(Written(batch => new AnswerFrame((ulong)number, new((ushort)(number % 5)), (uint)number * 100).Write(batch), 1));
        }

        return corpus;
    }

    private static void Slice(FrameBatch batch, uint number, byte[] pattern)
    {
        var writer = SliceFrame.Begin(batch, number, isLast: number % 2 == 0, "shop.>"u8, 2);
        SliceFrame.WriteEntry(ref writer, pattern, new(3));
        SliceFrame.WriteEntry(ref writer, "shop.orders.>"u8, new(2));
        batch.End(writer);
    }

    private static byte[] Written(Action<FrameBatch> write, int times)
    {
        var batch = new FrameBatch();
        for (; times > 0; times--)
            write(batch);
        return batch.Bytes.ToArray();
    }
}
