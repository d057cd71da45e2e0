using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Tests.Handshakes;

/// <summary>Knows one token.</summary>
internal sealed class FixedTokenVerifier(ReadOnlySpan<byte> token, ClientGrant grant) : IClientTokenVerifier
{
    private readonly byte[] _token = token.ToArray();

    public int Asked { get; private set; }

    public bool TryVerify(ReadOnlySpan<byte> token, out ClientGrant verified)
    {
        Asked++;
        var good = token.SequenceEqual(_token);
        verified = good ? grant : default;
        return good;
    }
}
