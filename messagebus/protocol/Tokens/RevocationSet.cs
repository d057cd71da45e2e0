using WeCan.Contracts;
using WeCan.Contracts.Access;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>What was taken back, so that a token is looked up at once. It does not change; another set takes its place.</summary>
internal sealed class RevocationSet
{
    public static readonly RevocationSet None = new([]);

    private readonly Dictionary<(string Space, string Name), UnixTime> _clients = [];
    private readonly HashSet<(string Space, string Name)> _tokens = [];

    public RevocationSet(IEnumerable<Revocation> revocations)
    {
        foreach (var revocation in revocations)
        {
            if (revocation.IsClient)
                _clients[(revocation.Space, revocation.Name)] = revocation.IssuedUntil;
            else
                _tokens.Add((revocation.Space, revocation.Name));
        }
    }

    public int Count => _clients.Count + _tokens.Count;

    public bool Has(ClientToken token) =>
        (_clients.TryGetValue((token.Space, token.Name), out var until) && token.IssuedNotBefore <= until)
        || (token.Id is not null && _tokens.Contains((token.Space, token.Id)));
}
