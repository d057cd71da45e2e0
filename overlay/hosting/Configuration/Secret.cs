using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace WeCan.Hosting.Configuration;

/// <summary>
/// A text that no log, configuration print or error message may hold. Its ToString, and so every way of formatting it, says
/// "(secret)"; the one way to the text is <see cref="Reveal"/>, which is easy to search for. Two secrets compare in a time
/// that does not depend on where they differ.
/// </summary>
[DebuggerDisplay("(secret)")]
public sealed class Secret(string text) : IEquatable<Secret>
{
    public const string Redacted = "(secret)";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text = text;

    public string Reveal() => _text;

    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_text), Encoding.UTF8.GetBytes(other._text));

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => string.GetHashCode(_text, StringComparison.Ordinal);

    public override string ToString() => Redacted;
}
