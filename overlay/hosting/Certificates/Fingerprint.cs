using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WeCan.Hosting.Certificates;

/// <summary>The SHA-256 of a certificate, which people compare and tokens carry: "sha256:" and 64 hexadecimal digits.</summary>
public readonly record struct Fingerprint
{
    private const string Prefix = "sha256:";

    private readonly string? _hex;

    private Fingerprint(string hex) => _hex = hex;

    public static Fingerprint Of(X509Certificate2 certificate) => new(Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span)));

    /// <summary>Reads what <see cref="ToString"/> writes; the digits may be large, and have colons between them as openssl prints them.</summary>
    public static bool TryParse(string? text, out Fingerprint fingerprint)
    {
        fingerprint = default;
        if (text is null)
            return false;
        var digits = text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text[Prefix.Length..] : text;
        if (digits.Length == (SHA256.HashSizeInBytes * 3) - 1 && digits.Where((_, index) => index % 3 == 2).All(letter => letter == ':'))
            digits = digits.Replace(":", "", StringComparison.Ordinal);
        if (digits.Length != SHA256.HashSizeInBytes * 2 || !digits.All(char.IsAsciiHexDigit))
            return false;
        fingerprint = new(digits.ToLowerInvariant());
        return true;
    }

    public override string ToString() => _hex is null ? "none" : Prefix + _hex;
}
