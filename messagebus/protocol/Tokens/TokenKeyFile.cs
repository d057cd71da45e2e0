using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>
/// Keys in the form of RFC 7517, which every library that signs can write; <c>spaces</c> is our own, and optional:
/// <code>{"keys":[{"kty":"EC","crv":"P-256","kid":"2026-11","x":"…","y":"…","spaces":["shop"]}]}</code>
/// An operator writes it, so what is wrong is told in a sentence.
/// </summary>
internal static class TokenKeyFile
{
    private const int CoordinateBytes = 32;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static bool TryRead(string text, out IReadOnlyList<TokenKey> keys, out string problem)
    {
        var read = new List<TokenKey>();
        keys = read;
        problem = "";
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                problem = "A key set is an object with a list named \"keys\".";
                return false;
            }

            if (list.GetArrayLength() > TokenLimits.MaxKeys)
            {
                problem = $"The key set has {list.GetArrayLength()} keys; at most {TokenLimits.MaxKeys} are kept.";
                return false;
            }

            foreach (var element in list.EnumerateArray())
            {
                problem = TryReadKey(element, read, out var key);
                if (problem.Length > 0)
                    return false;
                read.Add(key!);
            }

            return true;
        }
        catch (JsonException exception)
        {
            problem = $"The key set is no JSON: {exception.Message}";
            return false;
        }
    }

    private static string TryReadKey(JsonElement element, List<TokenKey> before, out TokenKey? key)
    {
        key = null;
        var place = $"Key {before.Count + 1} of the key set";
        if (element.ValueKind != JsonValueKind.Object || TextOf(element, "kid") is not { Length: > 0 } id || Encoding.UTF8.GetByteCount(id) > TokenLimits.MaxNameBytes)
            return $"{place} needs a \"kid\" of at most {TokenLimits.MaxNameBytes} bytes.";
        if (before.Exists(other => other.Id == id))
            return $"Two keys of the key set are called \"{id}\".";
        if (element.TryGetProperty("d", out _))
            return $"Key \"{id}\" has its private half in the key set (\"d\"): take it out of the file, and the key out of use.";
        if (TextOf(element, "kty") != "EC" || TextOf(element, "crv") != "P-256")
            return $"Key \"{id}\" is not of kind EC on P-256, the only one that signs tokens.";
        if (!TryReadCoordinate(element, "x", out var x) || !TryReadCoordinate(element, "y", out var y) || !IsOnCurve(x, y))
            return $"Key \"{id}\" has no point on P-256 in \"x\" and \"y\".";
        if (!TryReadSpaces(element, out var spaces))
            return $"The \"spaces\" of key \"{id}\" must be a list of spaces' names.";
        key = new(id, new() { X = x, Y = y }, spaces);
        return "";
    }

    private static string? TextOf(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryReadCoordinate(JsonElement element, string member, out byte[] bytes)
    {
        bytes = [];
        if (TextOf(element, member) is not { } text || !Base64Url.IsValid(text, out var length) || length != CoordinateBytes)
            return false;
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    private static bool IsOnCurve(byte[] x, byte[] y)
    {
        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = x, Y = y } });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool TryReadSpaces(JsonElement element, out IReadOnlyList<string> spaces)
    {
        spaces = [];
        if (!element.TryGetProperty("spaces", out var list))
            return true;
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String || !SubjectRules.IsSpace(Encoding.UTF8.GetBytes(one.GetString()!))))
            return false;
        spaces = [.. list.EnumerateArray().Select(one => one.GetString()!)];

        // A key for no space at all is more likely a mistake than a wish, and would be read as a key for all.
        return spaces.Count > 0;
    }
}
