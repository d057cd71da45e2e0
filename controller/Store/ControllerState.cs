using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;

namespace WeCan.Controller.Store;

/// <summary>All that a controller keeps: what a store gives when it is opened, and what transactions lead from one to the next.</summary>
internal sealed class ControllerState
{
    public NetworkRow? Network { get; set; }

    public SortedDictionary<NodeId, MemberRow> Members { get; } = [];

    public SortedDictionary<ulong, TokenRow> Tokens { get; } = [];

    public Dictionary<RestKey, UnixTime> Rests { get; } = [];

    public SortedDictionary<ulong, ApiTokenRow> ApiTokens { get; } = [];

    /// <summary>Changes by operators, in order.</summary>
    public List<AuditRow> Audit { get; } = [];

    /// <summary>The versions of the policy that are kept, in order.</summary>
    public List<PolicyRow> Policies { get; } = [];

    /// <summary>What edges are told of the access to the bus.</summary>
    public SortedDictionary<(AccessKind Kind, string Name), AccessRow> Access { get; } = new(AccessRecord.Order);

    /// <summary>How often that has changed.</summary>
    public ulong AccessNumber { get; set; }

    /// <summary>The version before the oldest change that is kept.</summary>
    public MembershipVersion Base { get; set; }

    /// <summary>The changes after <see cref="Base"/>, in order.</summary>
    public List<ChangeRow> Changes { get; } = [];

    public void Apply(StoreTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        Network = transaction.Network ?? Network;
        Apply(transaction.Members, Members);
        Apply(transaction.Tokens, Tokens);
        Apply(transaction.ApiTokens, ApiTokens);
        Audit.AddRange(transaction.Audit);
        Audit.RemoveAll(row => row.Id < transaction.AuditBefore);
        Policies.AddRange(transaction.Policies);
        Policies.RemoveAll(row => row.Version < transaction.PolicyBefore);
        Apply(transaction.Access, Access);
        AccessNumber = transaction.AccessNumber ?? AccessNumber;
        foreach (var (key, until) in transaction.Rests)
        {
            if (until is { } time)
                Rests[key] = time;
            else
                Rests.Remove(key);
        }

        Changes.AddRange(transaction.Changes);
        if (transaction.NewBase is not { } start)
            return;
        Base = start;
        Changes.RemoveAll(change => change.Version.Number <= start.Number);
    }

    private static void Apply<TKey, TRow>(Dictionary<TKey, TRow?> changes, SortedDictionary<TKey, TRow> rows)
        where TKey : notnull
        where TRow : class
    {
        foreach (var (key, row) in changes)
        {
            if (row is null)
                rows.Remove(key);
            else
                rows[key] = row;
        }
    }
}
