using System.Buffers.Binary;
using System.Security.Cryptography;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Sessions;
using WeCan.Hosting.Files;

namespace WeCan.Runtime.Control;

/// <summary>
/// A membership on a node's disk: SHA-256 (32) of all that follows, the network (16), and the membership as the frames of a
/// snapshot. What is damaged is seen before any of it counts, as a membership says whose key is whose.
/// </summary>
internal static class MembershipFile
{
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int HeadBytes = HashBytes + NetworkId.Bytes;

    public static void Save(string path, MembershipReplica replica)
    {
        using var content = new MemoryStream();
        Span<byte> head = stackalloc byte[HeadBytes];
        head.Clear();
        BinaryPrimitives.WriteUInt128BigEndian(head[HashBytes..], replica.Network.Value);
        content.Write(head);
        foreach (var piece in replica.ToSnapshot())
            content.Write(piece.ToFrame());
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        SHA256.HashData(bytes[HashBytes..], bytes);
        AtomicFile.Write(path, bytes);
    }

    /// <summary>Fills a new replica. False where there is no file; an <see cref="InvalidDataException"/> where it is not whole, or another network's.</summary>
    public static bool TryLoad(string path, MembershipReplica replica)
    {
        if (!File.Exists(path))
            return false;
        if (new FileInfo(path).Length is < HeadBytes or > ControlClientLimits.MembershipFileBytes)
            throw new InvalidDataException("it has not the size of a membership");
        var bytes = File.ReadAllBytes(path);
        if (!SHA256.HashData(bytes.AsSpan(HashBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, HashBytes)))
            throw new InvalidDataException("it is not what was written");
        if (BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(HashBytes)) != replica.Network.Value)
            throw new InvalidDataException("it is another network's");
        var frames = new FrameAssembler();
        frames.Add(bytes.AsSpan(HeadBytes));
        while (frames.TryTake(out var payload))
        {
            if (ControlMessage.TryRead(payload, out var message) != ControlReadResult.Read || message is not SnapshotMessage piece || !replica.TryAdd(piece))
                throw new InvalidDataException("it is of another version of this program");
        }

        return replica.Version != MembershipVersion.None;
    }
}
