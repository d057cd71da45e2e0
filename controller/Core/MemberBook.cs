using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Membership;
using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>
/// The members with what only the controller knows of them, their numbers and edge indexes. Each change is in the history, in
/// the step's transaction, and here.
/// </summary>
internal sealed class MemberBook
{
    private readonly SortedDictionary<NodeId, MemberRow> _rows;
    private readonly Dictionary<OverlayKey, NodeId> _byOverlayKey = [];
    private readonly Dictionary<Fingerprint, NodeId> _byTlsKey = [];
    private readonly RestBook _numbers;
    private readonly RestBook _edges;
    private readonly ControllerOptions _options;
    private readonly StepLog _log;

    public MemberBook(ControllerState state, ControllerOptions options, StepLog log)
    {
        _rows = new(state.Members);
        _options = options;
        _log = log;
        History = new(state);
        foreach (var row in _rows.Values)
            Index(row);
        _numbers = new(RestKind.Number, 1, ControllerLimits.MaxNumber, _rows.Keys.Select(number => number.Value), state, log);
        var edges = from row in _rows.Values where row.Member.Edge is not null select row.Member.Edge!.Value.Value;
        _edges = new(RestKind.EdgeIndex, 0, ControllerLimits.MaxEdges - 1, edges, state, log);
    }

    public MembershipHistory History { get; }

    public IReadOnlyCollection<MemberRow> All => _rows.Values;

    public MemberRow? Find(NodeId number) => _rows.GetValueOrDefault(number);

    public MemberRow? FindByOverlayKey(OverlayKey key) => _byOverlayKey.TryGetValue(key, out var number) ? _rows[number] : null;

    public MemberRow? FindByTlsKey(Fingerprint key) => _byTlsKey.TryGetValue(key, out var number) ? _rows[number] : null;

    /// <summary>Makes a member of an order that a token admits. Null where no number, or no edge index, is free.</summary>
    public MemberRow? Join(UnixTime now, EnrolOrder order, TokenRow token)
    {
        if (!_numbers.TryTake(now, out var number))
            return null;
        EdgeIndex? edge = null;
        if (order.Role == NodeRole.Edge)
        {
            if (!_edges.TryTake(now, out var index))
            {
                _numbers.GiveBack(number, now);
                return null;
            }

            edge = EdgeIndex.From(index);
        }

        var member = new Member
        {
            Number = new(number),
            Role = order.Role,
            Key = order.OverlayKey,
            Addresses = order.Addresses,
            Name = Either(token.Name, order.Name),
            Region = Either(token.Region, order.Region),
            Site = Either(token.Site, order.Site),
            Operator = Either(token.Operator, order.Operator),
            Edge = edge,
            Expires = now + _options.CertificateLife,
        };
        var row = new MemberRow(member, order.TlsKey, default, token.Id, now);
        Set(row);
        Record(MemberChange.Put(MemberChangeKind.Joined, member), now);
        return row;
    }

    /// <summary>Replaces a member's row; the network is told where something that it knows has changed.</summary>
    public void Change(UnixTime now, MemberChangeKind kind, MemberRow row)
    {
        var before = _rows[row.Member.Number];
        if (before == row)
            return;
        Unindex(before);
        Set(row);
        if (before.Member != row.Member)
            Record(MemberChange.Put(kind, row.Member), now);
    }

    public void End(UnixTime now, MemberChangeKind kind, MemberRow row)
    {
        var number = row.Member.Number;
        _rows.Remove(number);
        Unindex(row);
        _log.Transaction.Members[number] = null;
        _numbers.GiveBack(number.Value, now + _options.Rest);
        if (row.Member.Edge is { } edge)
            _edges.GiveBack(edge.Value, now + _options.Rest);
        Record(MemberChange.End(kind, number), now);
    }

    public void Sweep(UnixTime now)
    {
        _numbers.Sweep(now);
        _edges.Sweep(now);
    }

    private static string Either(string first, string second) => first.Length > 0 ? first : second;

    private void Set(MemberRow row)
    {
        _rows[row.Member.Number] = row;
        Index(row);
        _log.Transaction.Members[row.Member.Number] = row;
    }

    private void Record(MemberChange change, UnixTime now)
    {
        _log.Transaction.Changes.Add(History.Append(change, now));

        // In strides, so that the store does not delete a row for every row that it writes.
        if (History.KeptChanges > _options.KeptChanges + (_options.KeptChanges / 4) + 1)
            _log.Transaction.NewBase = History.Trim(_options.KeptChanges);
    }

    private void Index(MemberRow row)
    {
        _byOverlayKey[row.Member.Key] = row.Member.Number;
        _byTlsKey[row.TlsKey] = row.Member.Number;
        if (!row.OlderTlsKey.IsNone)
            _byTlsKey[row.OlderTlsKey] = row.Member.Number;
    }

    private void Unindex(MemberRow row)
    {
        _byOverlayKey.Remove(row.Member.Key);
        _byTlsKey.Remove(row.TlsKey);
        _byTlsKey.Remove(row.OlderTlsKey);
    }
}
