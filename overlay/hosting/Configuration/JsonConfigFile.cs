using System.Text;
using System.Text.Json;

namespace WeCan.Hosting.Configuration;

/// <summary>
/// Reads a JSON file into nodes that know their line. Comments and trailing commas are allowed; a key that stands twice in
/// one object is a problem, as one of the two is not what its author believes to be in force.
/// </summary>
internal static class JsonConfigFile
{
    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    /// <summary>The file's object, or null with a problem told. A missing file is null, and a problem only if it was asked for.</summary>
    public static ConfigNode? Read(string path, bool mustExist, List<ConfigProblem> problems)
    {
        byte[] bytes;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            bytes = new byte[HostingLimits.ConfigFileBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > HostingLimits.ConfigFileBytes)
            {
                problems.Add(new($"{path}: the file has more than {HostingLimits.ConfigFileBytes >> 10} KiB, which no configuration needs: is it the right file?"));
                return null;
            }

            Array.Resize(ref bytes, length);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            if (mustExist)
                problems.Add(new($"{path}: there is no such file: correct the path after --config, or write the file."));
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            problems.Add(new($"{path}: this user ({Environment.UserName}) may not read it, or it is a folder: grant the right to read, or give another path by --config."));
            return null;
        }
        catch (IOException failure)
        {
            problems.Add(new($"{path}: it cannot be read: {failure.Message}"));
            return null;
        }

        return Parse(path, bytes, problems);
    }

    public static ConfigNode? Parse(string path, ReadOnlySpan<byte> text, List<ConfigProblem> problems)
    {
        if (text.StartsWith(Utf8Mark))
            text = text[Utf8Mark.Length..];
        var place = new LineCounter(path, text);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        try
        {
            if (!reader.Read())
                return ConfigNode.EmptyObject();
            var root = ReadValue(ref reader, ref place, problems);
            while (reader.Read())
            {
                // Only to find what is wrong behind the value.
            }

            if (root.Kind == ConfigNodeKind.Object)
                return root;
            problems.Add(new($"{root.Origin}: the file holds {root.Described}: write an object, {{ \"key\": value }}."));
        }
        catch (JsonException fault)
        {
            if (IsEmpty(text))
                return ConfigNode.EmptyObject();
            problems.Add(new($"{path}:{(fault.LineNumber ?? 0) + 1}: this is no JSON: {Reason(fault)}"));
        }
        catch (Exception fault) when (fault is InvalidOperationException or DecoderFallbackException)
        {
            problems.Add(new($"{path}: the file is not valid UTF-8: save it as UTF-8."));
        }

        return null;
    }

    // The reader refuses a file without a value, although one that only has comments says clearly that all is at its default.
    private static bool IsEmpty(ReadOnlySpan<byte> text)
    {
        foreach (var line in Encoding.UTF8.GetString(text).AsSpan().EnumerateLines())
        {
            var trimmed = line.Trim();
            if (!trimmed.IsEmpty && !trimmed.StartsWith("//", StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private static ConfigNode ReadValue(ref Utf8JsonReader reader, ref LineCounter place, List<ConfigProblem> problems)
    {
        var origin = place.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new ConfigNode(ConfigNodeKind.Object, origin);
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var key = reader.GetString()!;
                    var keyOrigin = place.At(reader.TokenStartIndex);
                    reader.Read();
                    var value = ReadValue(ref reader, ref place, problems);
                    if (!members.Members.TryAdd(key, value))
                        problems.Add(new($"{keyOrigin}: \"{key}\" stands here for the second time, after {members.Members[key].Origin}: remove one of the two."));
                }

                return members;
            case JsonTokenType.StartArray:
                var list = new ConfigNode(ConfigNodeKind.List, origin);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Items.Add(ReadValue(ref reader, ref place, problems));
                return list;
            case JsonTokenType.Null:
                return new ConfigNode(ConfigNodeKind.Null, origin);
            case JsonTokenType.String:
                return ConfigNode.OfText(reader.GetString()!, origin);
            default:
                return ConfigNode.OfText(Encoding.UTF8.GetString(reader.ValueSpan), origin);
        }
    }

    // The platform's sentence ends with its own count of lines, from zero.
    private static string Reason(JsonException fault)
    {
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? fault.Message : fault.Message[..end];
    }
}
