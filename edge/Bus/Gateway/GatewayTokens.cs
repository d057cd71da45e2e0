using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Protocol.Handshakes;

namespace WeCan.Edge.Bus.Gateway;

/// <summary>
/// Says to the node whether a client's token is good, and remembers of the last few what they say, until their clients' links stand. The
/// grant's second number names the place in that memory. On the loop's thread, but for <see cref="Offer"/>.
/// </summary>
internal sealed class GatewayTokens : IClientTokenVerifier, IDisposable
{
    /// <summary>More than links that may wait for their first packet.</summary>
    private const int Remembered = 8_192;

    private readonly Func<UnixTime> _clock;
    private readonly BusCounters _counters;
    private readonly ClientToken?[] _recent = new ClientToken?[Remembered];
    private TokenVerifier _verifier = new([]);
    private TokenVerifier? _offered;
    private bool _isRenewed;
    private long _verified;

    public GatewayTokens(Func<UnixTime> clock, BusCounters counters, ILogger log)
    {
        (_clock, _counters) = (clock, counters);
        Clients = new(this, counters, log);
    }

    /// <summary>Those who came by tokens, and have to go when these are no good any more.</summary>
    public ClientJudge Clients { get; }

    /// <summary>What was wrong with the token that was verified last.</summary>
    public TokenFault LastFault { get; private set; }

    /// <summary>
    /// The keys and revocations that count from now on. It takes time to make a verifier of many keys, and so whoever brings them does, on any
    /// thread; it belongs to this one from here.
    /// </summary>
    public void Offer(TokenVerifier verifier) => Interlocked.Exchange(ref _offered, verifier)?.Dispose();

    /// <summary>Takes what was offered last; true where something was since it was last asked, and clients that are in have to be judged anew.</summary>
    public bool TryRenew()
    {
        Take();
        var isRenewed = _isRenewed;
        _isRenewed = false;
        return isRenewed;
    }

    /// <summary>Whether a token that was good is so still, but for its times.</summary>
    public TokenFault Judge(ClientToken token) => _verifier.Judge(token);

    public bool TryVerify(ReadOnlySpan<byte> token, out ClientGrant grant)
    {
        grant = default;
        Take();
        var fault = _verifier.Verify(token, _clock(), out var verified);
        LastFault = fault;
        if (fault != TokenFault.None)
        {
            _counters.RefuseToken(fault);
            return false;
        }

        var ticket = _verified++;
        _recent[ticket % Remembered] = verified;
        grant = new(verified!.Client, ticket);
        return true;
    }

    /// <summary>
    /// What the token of a client said whose link stands now; false where too many others came since, or it was taken back while the link came up.
    /// </summary>
    public bool TryTake(ClientGrant grant, out ClientToken token)
    {
        token = _recent[grant.Expiry % Remembered]!;
        return grant.Expiry >= _verified - Remembered && token is not null && token.Client == grant.Client && _verifier.Judge(token) == TokenFault.None;
    }

    private void Take()
    {
        if (Volatile.Read(ref _offered) is null || Interlocked.Exchange(ref _offered, null) is not { } offered)
            return;
        _verifier.Dispose();
        (_verifier, _isRenewed) = (offered, true);
    }

    public void Dispose()
    {
        _verifier.Dispose();
        _offered?.Dispose();
    }
}
