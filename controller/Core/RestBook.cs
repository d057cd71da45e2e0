using WeCan.Contracts;
using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>
/// Gives out small numbers densely: the lowest that is neither taken nor resting. A number rests after it was given back, so
/// that what was sent to its last owner does not reach the next one.
/// </summary>
internal sealed class RestBook
{
    private readonly RestKind _kind;
    private readonly int _lowest;
    private readonly int _highest;
    private readonly StepLog _log;
    private readonly HashSet<ushort> _taken = [];
    private readonly Dictionary<ushort, UnixTime> _resting = [];

    public RestBook(RestKind kind, int lowest, int highest, IEnumerable<ushort> taken, ControllerState state, StepLog log)
    {
        _kind = kind;
        _lowest = lowest;
        _highest = highest;
        _log = log;
        _taken.UnionWith(taken);
        foreach (var (key, until) in state.Rests.Where(rest => rest.Key.Kind == kind))
            _resting[key.Value] = until;
    }

    public bool TryTake(UnixTime now, out ushort number)
    {
        number = 0;
        for (var candidate = _lowest; candidate <= _highest; candidate++)
        {
            number = (ushort)candidate;
            if (_taken.Contains(number) || (_resting.TryGetValue(number, out var until) && until > now))
                continue;
            _taken.Add(number);
            Wake(number);
            return true;
        }

        return false;
    }

    public void GiveBack(ushort number, UnixTime restsUntil)
    {
        _taken.Remove(number);
        _resting[number] = restsUntil;
        _log.Transaction.Rests[new(_kind, number)] = restsUntil;
    }

    /// <summary>Forgets who has rested.</summary>
    public void Sweep(UnixTime now)
    {
        foreach (var (number, _) in _resting.Where(rest => rest.Value <= now).ToList())
            Wake(number);
    }

    private void Wake(ushort number)
    {
        if (_resting.Remove(number))
            _log.Transaction.Rests[new(_kind, number)] = null;
    }
}
