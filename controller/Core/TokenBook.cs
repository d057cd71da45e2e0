using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>The tokens that exist, by id.</summary>
internal sealed class TokenBook(ControllerState state, StepLog log)
{
    private readonly SortedDictionary<ulong, TokenRow> _tokens = new(state.Tokens);

    public IReadOnlyCollection<TokenRow> All => _tokens.Values;

    public bool TryAdd(TokenRow token)
    {
        if (_tokens.Count >= ControllerLimits.MaxTokens || _tokens.ContainsKey(token.Id))
            return false;
        Set(token);
        return true;
    }

    public bool Revoke(ulong id)
    {
        if (!_tokens.TryGetValue(id, out var token) || token.IsRevoked)
            return false;
        Set(token with { IsRevoked = true });
        return true;
    }

    public void Use(TokenRow token) => Set(token with { UsesLeft = token.UsesLeft - 1 });

    /// <summary>
    /// Finds the token that a node showed. A wrong secret is told like a token that is not there, so that nobody learns which
    /// ids exist. Whether it may be used once more is the caller's question.
    /// </summary>
    public TokenRow? Find(ulong id, Fingerprint secretHash) =>
        _tokens.TryGetValue(id, out var token) && token.SecretHash.EqualsInConstantTime(secretHash) ? token : null;

    public void Sweep(UnixTime now)
    {
        foreach (var token in _tokens.Values.Where(token => token.Expires + ControllerLimits.TokenKeptAfterEnd <= now).ToList())
        {
            _tokens.Remove(token.Id);
            log.Transaction.Tokens[token.Id] = null;
        }
    }

    private void Set(TokenRow token)
    {
        _tokens[token.Id] = token;
        log.Transaction.Tokens[token.Id] = token;
    }
}
