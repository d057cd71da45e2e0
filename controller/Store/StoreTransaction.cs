using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Store;

/// <summary>
/// What one step of the controller changes in its store, all of it or nothing. Each row is named once, with what it is in
/// the end (null: gone), so the order does not matter; only the changes of the membership are in order.
/// </summary>
internal sealed class StoreTransaction
{
    public NetworkRow? Network { get; set; }

    public Dictionary<NodeId, MemberRow?> Members { get; } = [];

    public Dictionary<ulong, TokenRow?> Tokens { get; } = [];

    public Dictionary<RestKey, UnixTime?> Rests { get; } = [];

    public List<ChangeRow> Changes { get; } = [];

    /// <summary>Changes up to this version are forgotten.</summary>
    public MembershipVersion? NewBase { get; set; }

    public bool IsEmpty =>
        Network is null && Members.Count == 0 && Tokens.Count == 0 && Rests.Count == 0 && Changes.Count == 0 && NewBase is null;
}
