using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>Signs tokens. A user's own service does the same with any library for JSON Web Tokens and ES256.</summary>
internal static class TokenMaker
{
    public static string Make(ClientToken token, string keyId, ECDsa key)
    {
        var header = Encoding.UTF8.GetBytes($$"""{"alg":"ES256","typ":"JWT","kid":"{{keyId}}"}""");
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(TokenClaims.Write(token))}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }
}
