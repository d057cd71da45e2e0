using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>
/// The ids of a client's messages that an edge has taken, each with its subject, as hashes of 64 bits under a seed that nobody
/// knows: two generations, the older of which goes after <see cref="BusLimits.IdGeneration"/>, or sooner when the newer is full. So an id is known
/// for one to two generations, unless more than <see cref="BusLimits.MaxIds"/> came since.
/// </summary>
internal sealed class MessageIds
{
    private HashSet<ulong> _new = [];
    private HashSet<ulong> _old = [];
    private MonoTime _since;

    /// <summary>It came before.</summary>
    public bool Has(MonoTime now, ulong seed, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> id)
    {
        if (now - _since >= BusLimits.IdGeneration)
            Turn(now);
        var hash = HashOf(seed, subject, id);
        return _new.Contains(hash) || _old.Contains(hash);
    }

    /// <summary>A message that is on its way.</summary>
    public void Add(MonoTime now, ulong seed, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> id)
    {
        if (now - _since >= BusLimits.IdGeneration || _new.Count == BusLimits.MaxIds)
            Turn(now);
        _new.Add(HashOf(seed, subject, id));
    }

    private static ulong HashOf(ulong seed, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> id) => TokenHash.Of(TokenHash.Of(seed, subject), id);

    private void Turn(MonoTime now)
    {
        (_old, _new) = (_new, _old);
        _new.Clear();
        if (now - _since >= BusLimits.IdGeneration + BusLimits.IdGeneration)
            _old.Clear();
        _since = now;
    }
}
