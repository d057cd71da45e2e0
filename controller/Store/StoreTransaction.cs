using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;

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

    public Dictionary<ulong, ApiTokenRow?> ApiTokens { get; } = [];

    public List<AuditRow> Audit { get; } = [];

    /// <summary>Changes by operators before this one are forgotten; 0 for none.</summary>
    public long AuditBefore { get; set; }

    /// <summary>New versions of the policy, in order.</summary>
    public List<PolicyRow> Policies { get; } = [];

    /// <summary>Versions of the policy before this one are forgotten; 0 for none.</summary>
    public long PolicyBefore { get; set; }

    public Dictionary<(AccessKind Kind, string Name), AccessRow?> Access { get; } = [];

    /// <summary>How often the access to the bus has changed by now; null where it has not.</summary>
    public ulong? AccessNumber { get; set; }

    public List<ChangeRow> Changes { get; } = [];

    /// <summary>Changes up to this version are forgotten.</summary>
    public MembershipVersion? NewBase { get; set; }

    /// <summary>What leads from nothing to a state.</summary>
    public static StoreTransaction Of(ControllerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var transaction = new StoreTransaction { Network = state.Network, NewBase = state.Base };
        foreach (var (number, row) in state.Members)
            transaction.Members.Add(number, row);
        foreach (var (id, row) in state.Tokens)
            transaction.Tokens.Add(id, row);
        foreach (var (id, row) in state.ApiTokens)
            transaction.ApiTokens.Add(id, row);
        transaction.Audit.AddRange(state.Audit);
        transaction.Policies.AddRange(state.Policies);
        foreach (var (key, row) in state.Access)
            transaction.Access.Add(key, row);
        transaction.AccessNumber = state.AccessNumber;
        foreach (var (key, until) in state.Rests)
            transaction.Rests.Add(key, until);
        transaction.Changes.AddRange(state.Changes);
        return transaction;
    }

    public bool IsEmpty =>
        Network is null && ApiTokens.Count == 0 && Audit.Count == 0 && Policies.Count == 0 && Members.Count == 0 && Tokens.Count == 0 && Rests.Count == 0 && Changes.Count == 0 && NewBase is null
        && Access.Count == 0 && AccessNumber is null;
}
