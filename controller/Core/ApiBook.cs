using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>Who may ask over the inspection API, and who changed what: kept in the same step as the change itself.</summary>
internal sealed class ApiBook(ControllerState state, StepLog log)
{
    private readonly SortedDictionary<ulong, ApiTokenRow> _tokens = new(state.ApiTokens);
    private readonly Queue<AuditRow> _audit = new(state.Audit);
    private long _lastId = state.Audit.Count == 0 ? 0 : state.Audit[^1].Id;

    public IReadOnlyCollection<ApiTokenRow> Tokens => _tokens.Values;

    /// <summary>The last changes, the oldest first.</summary>
    public IReadOnlyCollection<AuditRow> Audit => _audit;

    public bool TryAdd(ApiTokenRow token)
    {
        if (_tokens.Count >= ControllerLimits.MaxApiTokens || _tokens.ContainsKey(token.Id))
            return false;
        Set(token);
        return true;
    }

    public ApiTokenRow? Revoke(ulong id)
    {
        if (!_tokens.TryGetValue(id, out var token) || token.IsRevoked)
            return null;
        Set(token with { IsRevoked = true });
        return token;
    }

    /// <summary>The token that was shown, also one that has ended; null, and nothing tells why, where the secret is another's.</summary>
    public ApiTokenRow? Find(ulong id, Fingerprint secretHash) =>
        _tokens.TryGetValue(id, out var token) && token.SecretHash.EqualsInConstantTime(secretHash) ? token : null;

    public void Note(UnixTime now, string who, string what)
    {
        var row = new AuditRow(++_lastId, now, who, what);
        _audit.Enqueue(row);
        log.Transaction.Audit.Add(row);
        if (_audit.Count <= ControllerLimits.KeptAudit)
            return;
        _audit.Dequeue();
        log.Transaction.AuditBefore = _audit.Peek().Id;
    }

    /// <summary>A token that has ended is listed for a while, so that whoever uses it can be told why.</summary>
    public void Sweep(UnixTime now)
    {
        foreach (var token in _tokens.Values.Where(token => token.Expires + ControllerLimits.ApiTokenKeptAfterEnd <= now).ToList())
        {
            _tokens.Remove(token.Id);
            log.Transaction.ApiTokens[token.Id] = null;
        }
    }

    private void Set(ApiTokenRow token)
    {
        _tokens[token.Id] = token;
        log.Transaction.ApiTokens[token.Id] = token;
    }
}
