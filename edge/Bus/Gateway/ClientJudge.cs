using System.Text;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Gateway;

/// <summary>
/// The connections of clients, whatever their access: when other keys or revocations count, each is judged by them, a few in a turn, and whose token is no
/// good any more is told so and ends. On the loop's thread; any gateway drives it.
/// </summary>
internal sealed class ClientJudge(GatewayTokens tokens, BusCounters counters, ILogger log)
{
    /// <summary>What was offered is on its way by a command too, but the loop may have had no room for one.</summary>
    private static readonly Duration Look = Duration.FromSeconds(1);

    private readonly HashSet<BusConnection> _connections = [];
    private readonly Queue<BusConnection> _unjudged = [];
    private MonoTime _lookAt = MonoTime.Never;

    public MonoTime NextTimeout => _unjudged.Count > 0 ? MonoTime.Zero : _lookAt;

    /// <summary>A client's connection stands, and its token was good just now.</summary>
    public void Add(MonoTime now, BusConnection connection)
    {
        _connections.Add(connection);
        _lookAt = MonoTime.Min(_lookAt, now + Look);
    }

    public void Remove(BusConnection connection) => _connections.Remove(connection);

    /// <summary>Other keys and revocations may have been offered.</summary>
    public void Renew()
    {
        if (!tokens.TryRenew())
            return;
        _unjudged.Clear();
        foreach (var connection in _connections)
            _unjudged.Enqueue(connection);
        JudgeSome();
    }

    public void HandleTimeout(MonoTime now)
    {
        if (_lookAt <= now)
        {
            Renew();
            _lookAt = _connections.Count > 0 ? now + Look : MonoTime.Never;
        }

        JudgeSome();
    }

    /// <summary>No more at once, as messages wait meanwhile.</summary>
    private void JudgeSome()
    {
        for (var left = BusLimits.JudgedAtOnce; left > 0 && _unjudged.TryDequeue(out var connection); left--)
        {
            var token = connection.Token;
            if (connection.IsOver || tokens.Judge(token) is not (not TokenFault.None and var fault))
                continue;
            counters.RevokedClients++;
            connection.End(fault == TokenFault.OtherRegion ? GoodbyeReason.OtherRegion : GoodbyeReason.TokenRevoked, Encoding.UTF8.GetBytes(WordsOf(fault, token)));
            BusLog.ClientRevoked(log, token.Space, token.Name, fault);
        }
    }

    private static string WordsOf(TokenFault fault, ClientToken token) => fault switch
    {
        TokenFault.Revoked => "The token was taken back.",
        TokenFault.OtherRegion => $"The space {token.Space} is pinned to regions, and this edge is in none of them.",
        TokenFault.OtherSpace => $"The key \"{token.Key!.Id}\", which signed the token, signs for the space {token.Space} no more.",
        _ => $"The key \"{token.Key!.Id}\", which signed the token, counts no more.",
    };
}
