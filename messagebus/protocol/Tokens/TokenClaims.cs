using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>
/// A token's claims as JSON. They are read only once the signature was found good, so what is wrong in them is a signer's mistake:
/// it is refused, and need not be cheap.
/// <code>{"sub":"ann","exp":1900000000,"iat":…,"nbf":…,"jti":"…","wecan":{"space":"shop","pub":["shop.orders.>"],"sub":["shop.>"]}}</code>
/// </summary>
internal static class TokenClaims
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static TokenFault Read(ReadOnlySpan<byte> json, out ClientToken? token)
    {
        token = null;
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(json), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, out token) : TokenFault.BadClaims;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // An escape that stands for no letter parses, and cannot be read as text.
            return TokenFault.BadClaims;
        }
    }

    public static byte[] Write(ClientToken token)
    {
        var claims = new JsonObject { ["sub"] = token.Name, ["exp"] = token.Expires.Seconds };
        if (token.Issued is { } issued)
            claims["iat"] = issued.Seconds;
        if (token.NotBefore is { } start)
            claims["nbf"] = start.Seconds;
        if (token.Id is { } id)
            claims["jti"] = id;
        claims["wecan"] = new JsonObject { ["space"] = token.Space, ["pub"] = Texts(token.Publish), ["sub"] = Texts(token.Subscribe) };
        return Encoding.UTF8.GetBytes(claims.ToJsonString());
    }

    private static JsonArray Texts(PermissionList list) => [.. list.Patterns.Select(pattern => JsonValue.Create(Encoding.UTF8.GetString(pattern)))];

    private static TokenFault Read(JsonElement claims, out ClientToken? token)
    {
        token = null;
        if (!TryReadName(claims, "sub", out var name) || !TryReadTime(claims, "exp", out var expires)
            || !claims.TryGetProperty("wecan", out var own) || own.ValueKind != JsonValueKind.Object
            || !TryReadName(own, "space", out var space) || !SubjectRules.IsSpace(Encoding.UTF8.GetBytes(space)))
        {
            return TokenFault.BadClaims;
        }

        if (!TryReadOptional(claims, "nbf", out var start) || !TryReadOptional(claims, "iat", out var issued))
            return TokenFault.BadClaims;

        string? id = null;
        if (claims.TryGetProperty("jti", out _) && !TryReadName(claims, "jti", out id))
            return TokenFault.BadClaims;
        if (ReadList(own, "pub", space, out var publish) is not TokenFault.None and var fault)
            return fault;
        if (ReadList(own, "sub", space, out var subscribe) is not TokenFault.None and var other)
            return other;
        token = new() { Space = space, Name = name, Expires = expires, NotBefore = start, Issued = issued, Id = id, Publish = publish, Subscribe = subscribe };
        return TokenFault.None;
    }

    private static bool TryReadName(JsonElement claims, string member, out string name)
    {
        name = "";
        if (!claims.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.String)
            return false;
        name = value.GetString()!;
        return name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= AccessLimits.MaxNameBytes && !name.Any(char.IsControl);
    }

    private static bool TryReadOptional(JsonElement claims, string member, out UnixTime? time)
    {
        time = null;
        if (!claims.TryGetProperty(member, out _))
            return true;
        var isRead = TryReadTime(claims, member, out var read);
        time = read;
        return isRead;
    }

    /// <summary>Seconds since 1970; RFC 7519 allows a fraction, which is left away.</summary>
    private static bool TryReadTime(JsonElement claims, string member, out UnixTime time)
    {
        time = default;
        if (!claims.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds)
            || !(seconds >= 0 && seconds <= UnixTime.MaxValue.Seconds))
        {
            return false;
        }

        time = new((long)seconds);
        return true;
    }

    private static TokenFault ReadList(JsonElement own, string member, string space, out PermissionList list)
    {
        list = PermissionList.None;
        if (!own.TryGetProperty(member, out var patterns))
            return TokenFault.None;
        if (patterns.ValueKind != JsonValueKind.Array || patterns.GetArrayLength() > TokenLimits.MaxPatterns)
            return TokenFault.BadClaims;
        var read = new List<byte[]>();
        foreach (var element in patterns.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String)
                return TokenFault.BadClaims;
            var pattern = Encoding.UTF8.GetBytes(element.GetString()!);
            if (SubjectRules.CheckPattern(pattern) != SubjectFault.None)
                return TokenFault.BadClaims;
            if (!SubjectRules.SpaceOf(pattern).SequenceEqual(Encoding.UTF8.GetBytes(space)))
                return TokenFault.OtherSpace;
            read.Add(pattern);
        }

        list = new(read);
        return TokenFault.None;
    }
}
