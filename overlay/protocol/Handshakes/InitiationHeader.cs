using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// The clear head of both initiations (docs/wire-format.md, sections 3.1 and 3.4):
/// <code>type | format | suite | 0 | sender's LinkId (4)</code>
/// </summary>
internal readonly record struct InitiationHeader(CipherSuite Suite, LinkId Sender)
{
    public static bool TryRead(ReadOnlySpan<byte> datagram, byte type, int shortest, out InitiationHeader header)
    {
        header = default;
        if (datagram.Length < shortest || datagram.Length > HandshakeLimits.MaxDatagramBytes
            || datagram[0] != type || datagram[1] != HandshakeWire.Format || datagram[3] != 0)
            return false;
        header = new((CipherSuite)datagram[2], new(BinaryPrimitives.ReadUInt32BigEndian(datagram[HandshakeWire.SenderLink..])));
        return CipherSuites.IsKnown(header.Suite) && header.Sender != LinkId.None;
    }
}
