using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Contracts.Control.Access;
using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>
/// What edges are told of the access to the bus, as records, and how it came to be so lately: what leads an edge from the version that it holds to the
/// newest, or that only the whole does. The last changes are not in the store: an edge that holds what a controller before this one said has the same
/// mark, or gets the whole.
/// </summary>
internal sealed class AccessBook
{
    private readonly SortedDictionary<(AccessKind Kind, string Name), AccessRow> _rows;
    private readonly Dictionary<string, UnixTime> _ends = new(StringComparer.Ordinal);
    private readonly List<(AccessVersion From, AccessRecord Change)> _changes = [];
    private readonly StepLog _log;

    public AccessBook(ControllerState state, StepLog log)
    {
        _rows = new(state.Access, AccessRecord.Order);
        _log = log;
        var mark = 0UL;
        foreach (var row in _rows.Values)
        {
            mark += row.Record.Mark;
            Remember(row.Record);
        }

        Version = new(state.AccessNumber, mark);
    }

    public AccessVersion Version { get; private set; }

    /// <summary>In the order of their names, by kind.</summary>
    public IReadOnlyCollection<AccessRow> Rows => _rows.Values;

    public IEnumerable<AccessRow> Of(AccessKind kind) => _rows.Values.Where(row => row.Record.Kind == kind);

    public AccessRow? Find(AccessKind kind, string name) => _rows.GetValueOrDefault((kind, name));

    public void Put(UnixTime now, string who, AccessRecord record)
    {
        var row = new AccessRow(record, now, who);
        var before = _rows.GetValueOrDefault(row.Key)?.Record.Mark ?? 0;
        _rows[row.Key] = row;
        _log.Transaction.Access[row.Key] = row;
        Remember(record);
        Advance(record, record.Mark - before);
    }

    public void Remove(AccessKind kind, string name)
    {
        if (!_rows.Remove((kind, name), out var row))
            return;
        _log.Transaction.Access[row.Key] = null;
        if (kind == AccessKind.Revocation)
            _ends.Remove(name);
        Advance(row.Record with { Body = [] }, 0 - row.Record.Mark);
    }

    /// <summary>Forgets revocations that can concern no token any more.</summary>
    public void Sweep(UnixTime now)
    {
        foreach (var (name, _) in _ends.Where(end => end.Value <= now).ToList())
            Remove(AccessKind.Revocation, name);
    }

    /// <summary>
    /// What has changed since a version, the last of each record, in their order; null where it is not known any more what has, or the version
    /// never was.
    /// </summary>
    public IReadOnlyList<AccessRecord>? Since(AccessVersion from)
    {
        if (from == Version)
            return [];
        var start = _changes.FindIndex(change => change.From == from);
        if (start < 0)
            return null;
        var last = new SortedDictionary<(AccessKind, string), AccessRecord>(AccessRecord.Order);
        foreach (var (_, change) in _changes.Skip(start))
            last[(change.Kind, change.Name)] = change;
        return [.. last.Values];
    }

    private void Advance(AccessRecord change, ulong difference)
    {
        _changes.Add((Version, change));

        // In strides, as what goes first moves all that stay.
        if (_changes.Count > ControllerLimits.KeptAccessChanges * 5 / 4)
            _changes.RemoveRange(0, _changes.Count - ControllerLimits.KeptAccessChanges);
        Version = new(Version.Number + 1, Version.Mark + difference);
        _log.Transaction.AccessNumber = Version.Number;
    }

    private void Remember(AccessRecord record)
    {
        if (Revocation.TryRead(record, out var revocation))
            _ends[record.Name] = revocation.Until;
    }
}
