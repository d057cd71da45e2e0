using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>Keys and tokens of clients, made as a user's own service would: from the standards, and not with the project's code.</summary>
internal static class BusKeys
{
    public static string SetOf(ECDsa signer)
    {
        var point = signer.ExportParameters(includePrivateParameters: false).Q;
        return $$$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"{{{Base64Url.EncodeToString(point.X!)}}}","y":"{{{Base64Url.EncodeToString(point.Y!)}}}"}]}""";
    }

    public static string Token(ECDsa signer, string name)
    {
        var claims = $$$"""{"sub":"{{{name}}}","exp":{{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}}},"wecan":{"space":"shop","pub":["shop.>"],"sub":["shop.>"]}}""";
        var signed = $"{Encode("""{"alg":"ES256","kid":"k"}""")}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(signer.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
