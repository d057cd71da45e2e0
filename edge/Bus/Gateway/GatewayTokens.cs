using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Protocol.Handshakes;

namespace WeCan.Edge.Bus.Gateway;

/// <summary>
/// Says to the node whether a client's token is good, and remembers of the last few what they say, until their clients' links stand. The
/// grant's second number names the place in that memory. On the loop's thread.
/// </summary>
internal sealed class GatewayTokens(Func<UnixTime> clock, BusCounters counters) : IClientTokenVerifier, IDisposable
{
    /// <summary>More than links that may wait for their first packet.</summary>
    private const int Remembered = 8_192;

    private readonly ClientToken?[] _recent = new ClientToken?[Remembered];
    private TokenVerifier _verifier = new([]);
    private long _verified;

    /// <summary>What was wrong with the token that was verified last.</summary>
    public TokenFault LastFault { get; private set; }

    /// <summary>The keys that tokens are signed with from now on; clients that are let in stay until their tokens end.</summary>
    public void SetKeys(IReadOnlyList<TokenKey> keys)
    {
        _verifier.Dispose();
        _verifier = new(keys);
    }

    public bool TryVerify(ReadOnlySpan<byte> token, out ClientGrant grant)
    {
        grant = default;
        var fault = _verifier.Verify(token, clock(), out var verified);
        LastFault = fault;
        if (fault != TokenFault.None)
        {
            counters.RefuseToken(fault);
            return false;
        }

        var ticket = _verified++;
        _recent[ticket % Remembered] = verified;
        grant = new(verified!.Client, ticket);
        return true;
    }

    /// <summary>What the token of a client said whose link stands now; false where too many others came since.</summary>
    public bool TryTake(ClientGrant grant, out ClientToken token)
    {
        token = _recent[grant.Expiry % Remembered]!;
        return grant.Expiry >= _verified - Remembered && token is not null && token.Client == grant.Client;
    }

    public void Dispose() => _verifier.Dispose();
}
