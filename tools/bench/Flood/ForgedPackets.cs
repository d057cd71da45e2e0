using System.Buffers.Binary;
using WeCan.Protocol.Wire;

namespace WeCan.Bench.Flood;

/// <summary>
/// What a stranger can send who hears what is sent to a node and knows no key: bytes at random, sealed packets of a link that
/// exists (docs/wire-format.md §4) with nonsense inside, initiations whose first check fails (§3), and copies of real datagrams.
/// </summary>
internal sealed class ForgedPackets
{
    private const int NodeInitiation = 0x01;
    private const int ClientInitiation = 0x04;
    private const int Sealed = 0x40;
    private const int ShortestSealed = 25;
    private const int ShortestInitiation = 233;
    private const int LongestInitiation = 1_124;

    private readonly Random _random = new(7);
    private readonly byte[][] _packets = new byte[FloodLimits.Forged][];
    private readonly List<int> _replayed = [];
    private int _next;

    /// <param name="kind">Which of these.</param>
    /// <param name="heard">Real datagrams, at least one of them sealed.</param>
    public ForgedPackets(ForgedKind kind, IReadOnlyList<byte[]> heard)
    {
        var example = heard.First(datagram => (datagram[0] & 0xFE) == Sealed);
        var length = 0;
        for (var i = 0; i < _packets.Length; i++)
        {
            // Those of a row are of one length, so that they leave as one message.
            var (row, each) = (i / FloodLimits.Row, kind);
            if (kind == ForgedKind.Mixed)
                each = (row % 10) switch { < 4 => ForgedKind.Random, < 7 => ForgedKind.Link, 7 => ForgedKind.Initiation, _ => ForgedKind.Replay };
            if (i % FloodLimits.Row == 0)
                length = _random.Next(each == ForgedKind.Initiation ? ShortestInitiation : each == ForgedKind.Link ? ShortestSealed : 1, (each == ForgedKind.Initiation ? LongestInitiation : WireLimits.FullDatagram) + 1);
            if (each == ForgedKind.Replay)
                _replayed.Add(i);
            _packets[i] = each switch
            {
                ForgedKind.Link => OfLink(example, length),
                ForgedKind.Initiation => AsInitiation(length),
                ForgedKind.Replay => heard[i % heard.Count],
                _ => AtRandom(length),
            };
        }
    }

    public IReadOnlyList<byte[]> All => _packets;

    /// <summary>Replays another real datagram from now on, in the place of an older one.</summary>
    public void Hear(byte[] datagram)
    {
        if (_replayed.Count > 0)
            _packets[_replayed[_next++ % _replayed.Count]] = datagram;
    }

    private byte[] AtRandom(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] OfLink(byte[] example, int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        example.AsSpan(0, 5).CopyTo(bytes);

        // Numbers ahead of the link's own are not told from replays, and have to be opened to be refused.
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), BinaryPrimitives.ReadUInt32BigEndian(example.AsSpan(5)) + (uint)_random.Next(1 << 20));
        return bytes;
    }

    /// <summary>Whole in its form, so that only the check of its mac refuses it.</summary>
    private byte[] AsInitiation(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        bytes[0] = (byte)(_random.Next(2) == 0 ? NodeInitiation : ClientInitiation);
        (bytes[1], bytes[2], bytes[3]) = (1, 1, 0);
        return bytes;
    }
}
