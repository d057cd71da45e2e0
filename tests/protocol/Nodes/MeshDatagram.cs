using WeCan.Contracts;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>One datagram on the wire of a <see cref="NodeMesh"/>.</summary>
internal sealed record MeshDatagram(MonoTime SentAt, NetAddress From, NetAddress To, byte[] Bytes)
{
    public const byte NodeInitiation = 0x01;
    public const byte NodeResponse = 0x02;
    public const byte CookieReply = 0x03;
    public const byte ClientInitiation = 0x04;
    public const byte ClientResponse = 0x05;

    public byte Type => Bytes[0];

    public bool IsSealed => (Type & 0xFE) == 0x40;

    public bool IsHandshake => !IsSealed;
}
