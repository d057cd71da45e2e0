namespace WeCan.Contracts.Inspection;

/// <summary>Tokens that were taken back.</summary>
/// <param name="Space">The space that they are for.</param>
/// <param name="Sub">Whose tokens, where it is a client's.</param>
/// <param name="Jti">Which token, where it is one.</param>
/// <param name="IssuedUntil">Of a client, those that are issued until then.</param>
/// <param name="Until">When it can concern no token any more, and is forgotten.</param>
/// <param name="At">When it was said.</param>
/// <param name="Who">By whom.</param>
public sealed record AuthRevocationEntry(string Space, string? Sub, string? Jti, DateTimeOffset? IssuedUntil, DateTimeOffset Until, DateTimeOffset At, string Who);
