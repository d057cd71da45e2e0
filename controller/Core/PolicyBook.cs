using WeCan.Contracts;
using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>
/// The versions of the routing policy: the newest holds, the others are there to be looked at and to go back to. Version 0 is what holds
/// where nobody has set any. Numbers ascend by one and are never given twice; of the oldest, those beyond the bounds are forgotten.
/// </summary>
internal sealed class PolicyBook
{
    private readonly StepLog _log;
    private readonly PolicyRow _initial;
    private readonly List<PolicyRow> _rows;
    private long _letters;

    /// <param name="state">What is kept.</param>
    /// <param name="initial">The text of version 0.</param>
    /// <param name="log">Where changes go.</param>
    public PolicyBook(ControllerState state, string initial, StepLog log)
    {
        _log = log;
        _initial = new(0, state.Network!.Created, "", "", initial);
        _rows = [.. state.Policies];
        _letters = _rows.Sum(row => (long)row.Text.Length);
    }

    public PolicyRow Newest => _rows.Count > 0 ? _rows[^1] : _initial;

    /// <summary>Those that are kept, the oldest first; without version 0.</summary>
    public IReadOnlyList<PolicyRow> Kept => _rows;

    /// <summary>Null for one that is not kept any more, or was never set.</summary>
    public PolicyRow? Find(long version)
    {
        if (version == 0)
            return _initial;
        var place = _rows.Count == 0 ? -1 : version - _rows[0].Version;
        return place >= 0 && place < _rows.Count ? _rows[(int)place] : null;
    }

    public PolicyRow Add(UnixTime now, string who, string comment, string text)
    {
        var row = new PolicyRow(Newest.Version + 1, now, who, comment, text);
        _rows.Add(row);
        _log.Transaction.Policies.Add(row);
        _letters += text.Length;
        var forgotten = 0;
        while (_rows.Count - forgotten > ControllerLimits.KeptPolicies || (_letters > ControllerLimits.KeptPolicyText && forgotten < _rows.Count - 1))
            _letters -= _rows[forgotten++].Text.Length;
        if (forgotten > 0)
        {
            _rows.RemoveRange(0, forgotten);
            _log.Transaction.PolicyBefore = _rows[0].Version;
        }

        return row;
    }
}
