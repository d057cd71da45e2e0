using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol;
using WeCan.Protocol.Links;
using WeCan.Protocol.Tests.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>
/// A link whose peer lies with the right keys. The input is a script, so that each stands for itself: a first byte whose lowest bit says who
/// began the link, then steps, each a byte and what it needs.
/// </summary>
internal sealed class LinkTarget : FuzzTarget
{
    private const int MostSteps = 400;

    /// <summary>What a link that has nothing to carry says of itself: at first, for the path's size, and in each second.</summary>
    private const int FirstBytes = 16_000;
    private const int BytesPerSecond = 6_400;

    private const int MaxPlaintext = WireLimits.FullDatagram - SealedHeader.MinDatagram;

    public override string Name => "link-frames";

    public override int Mutations => 6_000;

    public override IReadOnlyList<string> Places => ["a packet", "an early end", "new keys, offered", "new keys, asked for", "loss", "a false report", "a lost half"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus()
    {
        var frames = Traffic.Frames().ToList();
        for (var i = 0; i < frames.Count; i++)
        {
            var (_, first) = frames[i];
            var (_, second) = frames[(i + 1) % frames.Count];
            yield return ($"script-{i:D2}", [(byte)i, 0x1D, 2, 0xBC, .. Deliver(first, 0), 6, 3, 4, 20, .. Deliver(second, 0x30), 6, 0, 4, 200]);
        }

        yield return ("close-with-more-behind", [0, .. Deliver([FrameType.Close, 1, 0x12, 0, 0, 0, 1], 0)]);
        yield return ("far-symbols", [0, .. Deliver([0x12, 0x7F, 0xFF, 0xFF, 1], 0), .. Deliver([0x12, 0xFF, 0xFF, 0xFE, 1], 0), .. Deliver([0x12, 0, 0, 0, 1], 0)]);
        yield return ("pieces-crosswise", [0, .. Deliver([0x1E, 0, 0, 1, 0, 1, 1, 9, 0x1E, 0, 0, 0, 0, 1, 0, 9, 0x1E, 0, 0, 2, 0, 1, 1, 9], 0)]);
        yield return ("jumps", [1, .. Deliver([FrameType.Ping], 0), 7, 31, .. Deliver([FrameType.Ping], 0), 7, 30, .. Deliver([FrameType.Ping], 0), 4, 250]);
        yield return ("new-keys-offered", [0, 0x1D, 5, 0, 3, 1, .. Deliver([FrameType.Ping], 0), 3, 0, 4, 255, 3, 1, .. Deliver([FrameType.Ping], 8), 4, 255, 4, 255, 3, 1, .. Deliver([FrameType.Ping], 0)]);
        yield return ("new-keys-asked", [1, .. Enumerable.Repeat((byte[])[6, 0, .. Deliver([FrameType.Ping], 0), 4, 255], 101).SelectMany(step => step), 3, 0, .. Deliver([FrameType.Ping], 8), 3, 0, .. Deliver([FrameType.Ping], 0)]);
        yield return ("wake-after-long", [1, 0x1D, 5, 0, 0x15, 5, 0, .. Enumerable.Repeat((byte[])[4, 255], 30).SelectMany(step => step)]);
    }

    public override void Run(byte[] input)
    {
        if (input.Length == 0)
            return;
        using var peer = new LyingPeer(victimInitiates: (input[0] & 1) != 0, budget: new());
        peer.OnSent = frames => TakeKeyFrame(peer, frames);
        var reader = new WireReader(input.AsSpan(1));
        var start = peer.Now;
        var enqueued = 0;
        var delivered = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < MostSteps && reader.TryReadByte(out var operation); step++)
        {
            reader.TryReadByte(out var argument);
            switch (operation & 7)
            {
                case 3:
                    SayKeyFrame(peer, wantsNewKeys: (argument & 1) != 0);
                    break;
                case 4:
                    peer.Pass(Duration.FromMilliseconds(4 * argument));
                    break;
                case 5:
                    reader.TryReadByte(out var low);
                    enqueued += Enqueue(peer, operation, 1 + (((argument << 8) | low) % WireLimits.MaxPathPacket));
                    break;
                case 6:
                    Acknowledge(peer, argument);
                    break;
                case 7:
                    peer.Next += argument < 128 ? 1UL << (argument & 31) : 0UL - Math.Min(peer.Next, (ulong)argument);
                    break;
                default:
                    reader.TryReadByte(out var rest);
                    reader.TryReadBytes(Math.Min(Math.Min((argument << 8) | rest, reader.Remaining), MaxPlaintext), out var frames);
                    peer.Next += (ulong)(operation >> 5);
                    delivered += peer.Say(frames, (operation & 8) >> 3) ? 1 : 0;
                    break;
            }

            peer.Poll();
            var most = (enqueued * 2L) + LinkLimits.MaxHalves;
            Require(peer.Pool.RentedBytes <= most * PacketPool.FullCapacity, $"The link holds {peer.Pool.RentedBytes} bytes.");
        }

        peer.Pass(Duration.FromSeconds(1));
        var own = FirstBytes + (BytesPerSecond * (peer.Now - start).Seconds);
        Require(enqueued > 0 || peer.SentBytes <= own + (3 * peer.SaidBytes), $"The link answered {peer.SaidBytes} bytes with {peer.SentBytes}.");
        Reach("a packet", peer.DeliveredCount > 0);
        Reach("an early end", peer.Victim.IsDead);
        Reach("new keys, offered", peer.Victim.KeyGeneration > 0 && (input[0] & 1) == 0);
        Reach("new keys, asked for", peer.Victim.KeyGeneration > 0 && (input[0] & 1) != 0);
        Reach("loss", peer.Victim.Counters.PacketsLost > 0);
        Reach("a false report", peer.Drops[DropReason.ImpossibleAck] > 0);
        Reach("a lost half", peer.Pool.RentedBytes > 0);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Require(allocated < 1_000_000 + ((enqueued + peer.SentCount + (delivered * 20L)) * 3_000), $"The link allocated {allocated} bytes.");
        peer.Victim.Dispose();
        Require(peer.Pool.RentedBytes == 0, $"A dead link keeps {peer.Pool.RentedBytes} bytes.");
    }

    private static byte[] Deliver(byte[] frames, byte operation) => [operation, (byte)(frames.Length >> 8), (byte)frames.Length, .. frames];

    private static int Enqueue(LyingPeer peer, byte operation, int length)
    {
        var count = 1 + (operation >> 5);
        var serviceClass = (ServiceClass)((operation >> 3) & 3);
        for (var i = 0; i < count; i++)
            peer.Enqueue(serviceClass, length, (byte)(operation >> 5), serviceClass == ServiceClass.Realtime ? peer.Now + Duration.FromMilliseconds(100) : null);
        return count;
    }

    /// <summary>The liar plays along in a change of keys, so that what comes after is sealed with the new ones.</summary>
    private static void TakeKeyFrame(LyingPeer peer, byte[] frames)
    {
        var reader = new WireReader(frames);
        while (reader.TryReadByte(out var type))
        {
            if (type is FrameType.RekeyOffer or FrameType.RekeyAccept)
                peer.Keys.TryHandleFrame(peer.Now, type, ref reader);
            if (type != FrameType.Time || !reader.TryReadUInt32(out _))
                return;
        }
    }

    private static void SayKeyFrame(LyingPeer peer, bool wantsNewKeys)
    {
        if (wantsNewKeys)
            peer.Keys.HandleTimeout(peer.Now + LinkLimits.RekeyAfter);
        Span<byte> frame = stackalloc byte[80];
        var writer = new WireWriter(frame);
        if (peer.Keys.WriteFrames(peer.Now + LinkLimits.RekeyAfter, ref writer, LinkLimits.RekeyRetry))
            peer.Say(writer.Written);
    }

    /// <summary>A true report of all that the link has sent, but for as many of the newest.</summary>
    private static void Acknowledge(LyingPeer peer, int butNewest)
    {
        var largest = peer.SentCount - 1 - butNewest;
        if (largest < 0)
            return;
        Span<byte> frame = stackalloc byte[24];
        var writer = new WireWriter(frame);
        writer.WriteByte(FrameType.Ack);
        writer.WriteUInt32((uint)largest);
        writer.WriteVarInt(100);
        writer.WriteByte(0);
        writer.WriteVarInt((ulong)largest);
        writer.WriteByte(0);
        peer.Say(writer.Written);
    }
}
