using System.Globalization;
using System.Text;
using System.Text.Json;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.MessagePack;

internal sealed record GoldenVector(string Name, byte[] Bytes, Value Value, bool IsCanonical);

internal sealed record MalformedVector(string Name, byte[] Bytes);

/// <summary>The vectors that vectors/generate.py wrote with another implementation; its head describes the notation.</summary>
internal static class GoldenVectors
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    public static IReadOnlyList<GoldenVector> All { get; } = [.. Load("golden.json").Select(vector => new GoldenVector(
        vector.GetProperty("name").GetString()!,
        ParseBytes(vector.GetProperty("bytes").GetString()!),
        ParseValue(vector.GetProperty("value")),
        !vector.TryGetProperty("canonical", out var canonical) || canonical.GetBoolean()))];

    public static IReadOnlyList<MalformedVector> Malformed { get; } = [.. Load("malformed.json").Select(vector => new MalformedVector(
        vector.GetProperty("name").GetString()!,
        ParseBytes(vector.GetProperty("bytes").GetString()!)))];

    /// <summary>Bytes that were written by hand to hurt a reader; '#' starts a remark.</summary>
    public static IReadOnlyList<byte[]> Hostile { get; } = [.. LoadText("hostile.txt").Split('\n')
        .Select(line => line.Split('#')[0].Trim())
        .Where(line => line.Length > 0)
        .Select(ParseBytes)];

    private static IEnumerable<JsonElement> Load(string name) => JsonDocument.Parse(LoadText(name), Deep).RootElement.EnumerateArray();

    private static string LoadText(string name)
    {
        using var stream = typeof(GoldenVectors).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded: the project file lists it.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static byte[] ParseBytes(string text)
    {
        var bytes = new List<byte>();
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var times = part.Split('*');
            bytes.AddRange(Repeat(Convert.FromHexString(times[0]), times.Length == 1 ? 1 : int.Parse(times[1], CultureInfo.InvariantCulture)));
        }

        return [.. bytes];
    }

    private static Value ParseValue(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
            return new NilValue();
        var times = json.TryGetProperty("times", out var repeat) ? repeat.GetInt32() : 1;
        var first = json.EnumerateObject().First();
        return first.Name switch
        {
            "bool" => new BooleanValue(first.Value.GetBoolean()),
            "int" => new IntegerValue(Int128.Parse(first.Value.GetString()!, CultureInfo.InvariantCulture)),
            "f32" => new SingleValue(BitConverter.UInt32BitsToSingle(Convert.ToUInt32(first.Value.GetString(), 16))),
            "f64" => new DoubleValue(BitConverter.UInt64BitsToDouble(Convert.ToUInt64(first.Value.GetString(), 16))),
            "ts" => new TimestampValue(new(
                long.Parse(first.Value.GetString()!, CultureInfo.InvariantCulture), json.GetProperty("ns").GetUInt32())),
            "str" => new StringValue(new StringBuilder().Insert(0, first.Value.GetString()!, times).ToString()),
            "bin" => new BinaryValue(Repeat(Convert.FromHexString(first.Value.GetString()!), times)),
            "ext" => new ExtensionValue(
                first.Value.GetSByte(), Repeat(Convert.FromHexString(json.GetProperty("data").GetString()!), times)),
            "array" => new ArrayValue(Repeat(first.Value.EnumerateArray().Select(ParseValue).ToArray(), times)),
            "map" => new MapValue(Repeat(
                first.Value.EnumerateArray().Select(pair => (ParseValue(pair[0]), ParseValue(pair[1]))).ToArray(), times)),
            _ => throw new InvalidOperationException($"no value is called {first.Name}"),
        };
    }

    private static T[] Repeat<T>(T[] unit, int times)
    {
        var all = new T[unit.Length * times];
        for (var i = 0; i < times; i++)
            unit.CopyTo(all, i * unit.Length);
        return all;
    }
}
