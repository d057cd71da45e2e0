using WeCan.Contracts;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>
/// Hashes that are remembered for a while: two generations, the older of which goes after the time of one, or sooner when the newer
/// is full. So each is known for one to two such times, unless more than a generation's worth came since.
/// </summary>
internal sealed class FadingSet(int most, Duration time)
{
    private HashSet<ulong> _new = [];
    private HashSet<ulong> _old = [];
    private MonoTime _since;

    public bool Has(MonoTime now, ulong hash)
    {
        if (now - _since >= time)
            Turn(now);
        return _new.Contains(hash) || _old.Contains(hash);
    }

    public void Add(MonoTime now, ulong hash)
    {
        if (now - _since >= time || _new.Count == most)
            Turn(now);
        _new.Add(hash);
    }

    /// <summary>True when it was known, which it is no longer.</summary>
    public bool Remove(MonoTime now, ulong hash) => Has(now, hash) && (_new.Remove(hash) | _old.Remove(hash));

    private void Turn(MonoTime now)
    {
        (_old, _new) = (_new, _old);
        _new.Clear();
        if (now - _since >= time + time)
            _old.Clear();
        _since = now;
    }
}
