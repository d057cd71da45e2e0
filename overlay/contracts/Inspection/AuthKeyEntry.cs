namespace WeCan.Contracts.Inspection;

/// <summary>A public key that clients' tokens are signed with, in the words of a JSON Web Key on P-256.</summary>
/// <param name="Kid">What tokens call it.</param>
/// <param name="Spaces">The spaces that it signs for; empty for all.</param>
/// <param name="X">Its point, in Base64url.</param>
/// <param name="Y">The same.</param>
/// <param name="At">Since when it counts so.</param>
/// <param name="Who">Who wanted it.</param>
public sealed record AuthKeyEntry(string Kid, IReadOnlyList<string> Spaces, string X, string Y, DateTimeOffset At, string Who);
