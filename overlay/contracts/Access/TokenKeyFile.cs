using System.Buffers.Text;
using System.Text.Json;

namespace WeCan.Contracts.Access;

/// <summary>
/// Keys in the form of RFC 7517, which every library that signs can write: a set, or one key alone; <c>spaces</c> is our own, and optional:
/// <code>{"keys":[{"kty":"EC","crv":"P-256","kid":"2026-11","x":"…","y":"…","spaces":["shop"]}]}</code>
/// An operator writes it, so what is wrong is told in a sentence.
/// </summary>
public static class TokenKeyFile
{
    private const int CoordinateBytes = 32;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static bool TryRead(string text, out IReadOnlyList<TokenKey> keys, out string problem)
    {
        var read = new List<TokenKey>();
        keys = read;
        ArgumentNullException.ThrowIfNull(text);
        if (text.TrimStart().StartsWith("-----BEGIN", StringComparison.Ordinal))
        {
            problem = text.Contains("PRIVATE KEY", StringComparison.Ordinal)
                ? "This is a private key, in PEM: it stays with who signs. A key set has the public half, as a JSON Web Key."
                : "This is PEM: a key set is in JSON, as JSON Web Keys.";
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            problem = ReadSet(document.RootElement, read);
        }
        catch (JsonException exception)
        {
            problem = $"The key set is no JSON: {exception.Message}";
        }
        catch (InvalidOperationException)
        {
            // An escape that stands for no letter parses, and cannot be read as text.
            problem = "The key set has text that is none: it holds half a surrogate pair.";
        }

        return problem.Length == 0;
    }

    /// <summary>A key as it stands in a set, on one line.</summary>
    public static string Write(TokenKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("kty", "EC");
            writer.WriteString("crv", "P-256");
            writer.WriteString("kid", key.Id);
            writer.WriteString("x", Base64Url.EncodeToString(key.Point.X));
            writer.WriteString("y", Base64Url.EncodeToString(key.Point.Y));
            if (key.Spaces.Count > 0)
            {
                writer.WriteStartArray("spaces");
                foreach (var space in key.Spaces)
                    writer.WriteStringValue(space);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private static string ReadSet(JsonElement root, List<TokenKey> read)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("kty", out _) && !root.TryGetProperty("keys", out _))
            return Add(root, read);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
            return "A key set is an object with a list named \"keys\", or one key alone.";
        if (list.GetArrayLength() > AccessLimits.MaxKeysInFile)
            return $"The key set has {list.GetArrayLength()} keys; at most {AccessLimits.MaxKeysInFile} are kept.";
        foreach (var element in list.EnumerateArray())
        {
            if (Add(element, read) is { Length: > 0 } problem)
                return problem;
        }

        return "";
    }

    private static string Add(JsonElement element, List<TokenKey> read)
    {
        var problem = TryReadKey(element, read, out var key);
        if (key is not null)
            read.Add(key);
        return problem;
    }

    private static string TryReadKey(JsonElement element, List<TokenKey> before, out TokenKey? key)
    {
        key = null;
        var place = $"Key {before.Count + 1} of the key set";
        if (element.ValueKind != JsonValueKind.Object || TextOf(element, "kid") is not { Length: > 0 } id || !TokenKey.IsId(id))
            return $"{place} needs a \"kid\" of at most {AccessLimits.MaxNameBytes} bytes, without quotation marks, backslashes and what cannot be shown.";
        if (before.Exists(other => other.Id == id))
            return $"Two keys of the key set are called \"{id}\".";
        if (element.TryGetProperty("d", out _))
            return $"Key \"{id}\" has its private half in the key set (\"d\"): take it out of the file, and the key out of use.";
        if (TextOf(element, "kty") != "EC" || TextOf(element, "crv") != "P-256")
            return $"Key \"{id}\" is not of kind EC on P-256, the only one that signs tokens.";
        if (!TryReadCoordinate(element, "x", out var x) || !TryReadCoordinate(element, "y", out var y) || !TokenKey.IsOnCurve(x, y))
            return $"Key \"{id}\" has no point on P-256 in \"x\" and \"y\".";
        if (!TryReadSpaces(element, out var spaces))
            return $"The \"spaces\" of key \"{id}\" must be a list of spaces' names, at most {AccessLimits.MaxSpaces}.";
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

    private static bool TryReadSpaces(JsonElement element, out IReadOnlyList<string> spaces)
    {
        spaces = [];
        if (!element.TryGetProperty("spaces", out var list))
            return true;
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String || !SpaceNames.IsOne(one.GetString())))
            return false;
        spaces = [.. list.EnumerateArray().Select(one => one.GetString()!)];

        // A key for no space at all is more likely a mistake than a wish, and would be read as a key for all.
        return spaces.Count is > 0 and <= AccessLimits.MaxSpaces;
    }
}
