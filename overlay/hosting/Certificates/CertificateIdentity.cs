using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WeCan.Hosting.Certificates;

/// <summary>
/// Whom a certificate names: a node by its number, or a controller by its name, as one URI in the alternative names
/// (wecan://node/17, wecan://controller/eu-1). The name of a node is for people only and stands in the subject.
/// </summary>
public sealed record CertificateIdentity
{
    private const int MostNameLetters = 64;

    private CertificateIdentity(string role, string id, string name) => (Role, Id, Name) = (role, id, name);

    public string Role { get; }

    public string Id { get; }

    public string Name { get; }

    /// <summary>The node's number; null for a controller.</summary>
    public ushort? NodeNumber => Role == "node" ? ushort.Parse(Id, CultureInfo.InvariantCulture) : null;

    public Uri Uri => new($"wecan://{Role}/{Id}");

    public static CertificateIdentity Node(ushort number, string name) => new("node", number.ToString(CultureInfo.InvariantCulture), Checked(name));

    public static CertificateIdentity Controller(string name) => new("controller", Checked(name), name);

    /// <summary>Whether a name can stand in a certificate: letters, digits, "-" and "." within, at most 64.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MostNameLetters && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.');

    /// <summary>Reads the one identity of a certificate; false where it has none, or several.</summary>
    public static bool TryRead(X509Certificate2 certificate, out CertificateIdentity? identity)
    {
        identity = null;
        var uris = new List<string>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            if (!UrisOf(extension.RawData, uris))
                return false;
        }

        if (uris is not [var uri] || !uri.StartsWith("wecan://", StringComparison.Ordinal))
            return false;
        var parts = uri["wecan://".Length..].Split('/');
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (parts is ["node", var number] && ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed.ToString(CultureInfo.InvariantCulture) == number && IsName(name))
            identity = Node(parsed, name);
        else if (parts is ["controller", var controller] && IsName(controller))
            identity = Controller(controller);
        return identity is not null;
    }

    // The platform enumerates DNS names and addresses of the extension, not URIs: those are context tag 6.
    private static bool UrisOf(byte[] extension, List<string> uris)
    {
        try
        {
            var names = new System.Formats.Asn1.AsnReader(extension, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                if (tag is { TagClass: System.Formats.Asn1.TagClass.ContextSpecific, TagValue: 6 })
                    uris.Add(names.ReadCharacterString(System.Formats.Asn1.UniversalTagNumber.IA5String, tag));
                else
                    names.ReadEncodedValue();
            }

            return true;
        }
        catch (Exception malformed) when (malformed is System.Formats.Asn1.AsnContentException or DecoderFallbackException)
        {
            return false;
        }
    }

    private static string Checked(string name) =>
        IsName(name) ? name : throw new ArgumentException($"\"{name}\" cannot stand in a certificate: write up to {MostNameLetters} letters, digits, \"-\" and \".\".", nameof(name));
}
