using System.Buffers.Binary;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The edges that one multicast packet goes to: a set number and the set's bit string, as docs/wire-format.md, section 6.2
/// has it. Belongs to the transport and holds until the next call of TryPollTransmit.
/// </summary>
public sealed class MulticastTargets
{
    private readonly byte[] _bits = new byte[EdgeSet.Words * sizeof(ulong)];

    public byte Set { get; private set; }

    /// <summary>32 bytes; bit <i>i</i> (0 the lowest) of byte <i>j</i> stands for the edge 256 × set + 8 × j + i.</summary>
    public ReadOnlySpan<byte> Bits => _bits;

    internal void Fill(byte set, ReadOnlySpan<ulong> words)
    {
        Set = set;
        for (var i = 0; i < EdgeSet.Words; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(_bits.AsSpan(i * sizeof(ulong)), words[i]);
    }
}
