using System.Buffers.Binary;
using WeCan.Protocol.Handshakes;

namespace WeCan.Simulation.Swarm;

/// <summary>Tokens that hold a client's number and its complement: what comes damaged is no token.</summary>
internal sealed class ClientTokens : IClientTokenVerifier
{
    public static byte[] Of(ClientId client)
    {
        var token = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(token, client.Value);
        BinaryPrimitives.WriteUInt64BigEndian(token.AsSpan(8), ~client.Value);
        return token;
    }

    public bool TryVerify(ReadOnlySpan<byte> token, out ClientGrant grant)
    {
        grant = default;
        if (token.Length != 16 || BinaryPrimitives.ReadUInt64BigEndian(token) != ~BinaryPrimitives.ReadUInt64BigEndian(token[8..]))
            return false;
        grant = new(new(BinaryPrimitives.ReadUInt64BigEndian(token)), 0);
        return true;
    }
}
