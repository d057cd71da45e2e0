namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>Why a token is not good. The numbers go over the wire and stay.</summary>
internal enum TokenFault : byte
{
    None = 0,

    /// <summary>Not three parts in Base64url, or too long.</summary>
    Malformed = 1,

    /// <summary>Signed with something else than ES256; what a token says of its own signature decides nothing more.</summary>
    WrongAlgorithm = 2,

    /// <summary>Nobody has the key that it names, or has it no more.</summary>
    UnknownKey = 3,

    BadSignature = 4,

    /// <summary>Signed well, but a claim is missing, is no claim, or names no space or pattern.</summary>
    BadClaims = 5,

    Expired = 6,

    NotYetValid = 7,

    /// <summary>It is for a space that its key may not sign for, or lets somebody into another space than its own.</summary>
    OtherSpace = 8,

    /// <summary>It, or its client, was taken back.</summary>
    Revoked = 9,

    /// <summary>It would live for longer than a token may.</summary>
    TooLong = 10,

    /// <summary>It is for a space that is pinned to regions, and this edge is in none of them.</summary>
    OtherRegion = 11,
}
