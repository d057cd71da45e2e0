namespace WeCan.Contracts.Control;

/// <summary>Why the membership changed. The values are the wire's, and the store's.</summary>
public enum MemberChangeKind
{
    Joined = 1,

    /// <summary>Its addresses, its state or what else is known of it.</summary>
    Changed = 2,

    /// <summary>It has a new certificate, and lives longer.</summary>
    Renewed = 3,

    /// <summary>Somebody decided that it is no member any more.</summary>
    Revoked = 4,

    /// <summary>Its certificate ended without being renewed.</summary>
    Removed = 5,
}
