namespace WeCan.Contracts.Control.Access;

/// <summary>What a record of the access to the bus is about. The values are the wire's and the store's; who does not know one keeps it and makes nothing of it.</summary>
public enum AccessKind
{
    /// <summary>A public key that clients' tokens are signed with.</summary>
    Key = 1,

    /// <summary>Tokens that were taken back.</summary>
    Revocation = 2,

    /// <summary>What was said of a space.</summary>
    Space = 3,
}
