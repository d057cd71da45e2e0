using System.Buffers;
using System.Buffers.Binary;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.Control;

public sealed class ControlMessageTests
{
    private const int Rounds = 4_000;

    [Fact]
    public void What_is_written_is_read_and_written_again_alike()
    {
        var samples = new ControlSamples(new(1));
        for (var round = 0; round < Rounds; round++)
        {
            var message = samples.Message(round % ControlSamples.Kinds);
            var frame = message.ToFrame();
            Assert.Equal(frame.Length - 4, BinaryPrimitives.ReadInt32BigEndian(frame));
            Assert.InRange(frame.Length - 4, 1, ControlLimits.MaxFrame);
            Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(frame.AsSpan(4), out var again));
            Assert.IsType(message.GetType(), again);
            Assert.Equal(frame, again!.ToFrame());
        }
    }

    [Fact]
    public void Every_cut_of_a_message_is_malformed()
    {
        var samples = new ControlSamples(new(2));
        for (var round = 0; round < 20 * ControlSamples.Kinds; round++)
        {
            var payload = samples.Message(round % ControlSamples.Kinds).ToFrame().AsSpan(4);
            for (var length = 0; length < payload.Length; length += 1 + (length / 32))
                Assert.Equal(ControlReadResult.Malformed, ControlMessage.TryRead(payload[..length], out _));
            Assert.Equal(ControlReadResult.Malformed, ControlMessage.TryRead([.. payload, 0xc0], out _));
        }
    }

    [Fact]
    public void What_a_later_version_adds_is_skipped()
    {
        var samples = new ControlSamples(new(3));
        for (var round = 0; round < 50 * ControlSamples.Kinds; round++)
        {
            var frame = samples.Message(round % ControlSamples.Kinds).ToFrame();
            var extended = Extended(frame.AsSpan(4));
            Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(extended, out var message));
            Assert.Equal(frame, message!.ToFrame());
        }
    }

    [Theory]
    [InlineData("92 0c 80", ControlReadResult.Unknown)]
    [InlineData("94 ce 7fffffff c0 93 01 02 03 a1 61", ControlReadResult.Unknown)]
    [InlineData("92 cc ff c0", ControlReadResult.Unknown)]
    [InlineData("92 0c", ControlReadResult.Malformed)]
    [InlineData("92 ff 80", ControlReadResult.Malformed)]
    [InlineData("91 01", ControlReadResult.Malformed)]
    [InlineData("82 01 80", ControlReadResult.Malformed)]
    [InlineData("92 01 80", ControlReadResult.Malformed)]
    [InlineData("92 01 81 01 07", ControlReadResult.Read)]
    [InlineData("92 01 82 01 07 01 07", ControlReadResult.Malformed)]
    [InlineData("92 01 82 01 07 20 07", ControlReadResult.Read)]
    [InlineData("92 01 82 01 07 a1 61 07", ControlReadResult.Read)]
    [InlineData("92 01 83 01 07 20 07 20 07", ControlReadResult.Malformed)]
    [InlineData("92 01 81 01 a1 37", ControlReadResult.Malformed)]
    [InlineData("", ControlReadResult.Malformed)]
    public void Kinds_and_fields_are_told_apart(string hex, ControlReadResult result)
    {
        var read = ControlMessage.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out var message);
        Assert.Equal(result, read);
        Assert.Equal(result == ControlReadResult.Read, message is not null);
    }

    [Fact]
    public void The_longest_member_stays_within_its_bound()
    {
        var longest = new ControlSamples(new(4)).Member(new(65_535)) with
        {
            Role = NodeRole.Edge,
            Edge = EdgeIndex.From(65_535),
            Addresses = [.. Enumerable.Repeat(new NetAddress(ulong.MaxValue, ulong.MaxValue, 65_535), ControlLimits.MaxAddresses)],
            Name = new('n', ControlLimits.MaxName),
            Region = new('r', ControlLimits.MaxPlace),
            Site = new('s', ControlLimits.MaxPlace),
            Operator = new('o', ControlLimits.MaxPlace),
            Expires = UnixTime.MaxValue,
            State = MemberState.Draining,
        };
        Assert.InRange(longest.Measure(), 350, ControlLimits.MaxMember);
    }

    [Fact]
    public void The_longest_destination_stays_within_its_bound()
    {
        NodeId[] relays = [new(65_530), new(65_531), new(65_532), new(65_533), new(65_534), new(65_535)];
        var bare = new RoutesMessage(null, default, 0, true, []).ToFrame().Length;
        var longest = new RoutesMessage(null, default, 0, true, [new(new RouteKey(new(65_000), RouteClass.Bulk), relays, relays, relays, relays)]).ToFrame().Length;
        Assert.Equal(ControlLimits.MaxDestination, longest - bare);
    }

    [Fact]
    public void A_snapshot_is_cut_into_pieces_that_keep_their_bound_and_leave_nobody_out()
    {
        var samples = new ControlSamples(new(5));
        foreach (var count in (int[])[0, 1, 127, 500, 5_000])
        {
            var members = Enumerable.Range(1, count).Select(number => samples.Member(new((ushort)number))).ToArray();
            var pieces = SnapshotMessage.Cut(samples.Version(), members).ToList();
            Assert.All(pieces, piece => Assert.InRange(piece.ToFrame().Length, 1, ControlLimits.MaxPiece + 64));
            Assert.Equal(members, pieces.SelectMany(piece => piece.Members));
            Assert.Equal(Enumerable.Range(0, pieces.Count).Select(i => (uint)i), pieces.Select(piece => piece.Piece));
            Assert.Equal(pieces.Count - 1, pieces.FindIndex(piece => piece.IsLast));
        }
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("\u001b[2J")]
    [InlineData("\u202eevil")]
    public void Text_that_could_forge_a_log_is_refused_and_never_written(string text)
    {
        var goodbye = new GoodbyeMessage(GoodbyeReason.Other, text, 0);
        Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(goodbye.ToFrame().AsSpan(4), out var read));
        Assert.False(text == ((GoodbyeMessage)read!).Text);

        var room = new byte[100];
        var writer = new MessagePackWriter(room);
        writer.WriteArrayHeader(2);
        writer.WriteInteger((long)ControlKind.Goodbye);
        writer.WriteMapHeader(2);
        writer.WriteInteger(1);
        writer.WriteInteger(0);
        writer.WriteInteger(2);
        writer.WriteString(text);
        Assert.Equal(ControlReadResult.Malformed, ControlMessage.TryRead(room.AsSpan(0, (int)writer.BytesWritten), out _));
    }

    /// <summary>The same message with two more fields at the end of its map, and one more value after the map.</summary>
    private static byte[] Extended(ReadOnlySpan<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        Assert.True(reader.TryReadArrayHeader(out var count) && count == 2);
        Assert.True(reader.TryReadUInt32(out var kind));
        Assert.True(reader.TryReadMapHeader(out var fields));
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((ulong)kind);
        writer.WriteMapHeader(fields + 2);
        output.Write(payload[reader.Position..]);
        var tail = new MessagePackWriter(output);
        tail.WriteInteger(63);
        tail.WriteArrayHeader(1);
        tail.WriteMapHeader(0);
        tail.WriteString("later");
        tail.WriteNil();
        tail.WriteBoolean(true);
        return output.WrittenSpan.ToArray();
    }
}
