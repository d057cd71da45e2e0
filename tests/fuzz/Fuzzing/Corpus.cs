namespace WeCan.Fuzz.Tests.Fuzzing;

/// <summary>
/// The committed inputs of each target, one file of hexadecimal digits each, under tests/fuzz/corpus/&lt;target&gt;: made from
/// real traffic, and whatever ever failed. Named alphabetically, so that runs are the same everywhere.
/// </summary>
internal static class Corpus
{
    public static IReadOnlyList<(string Name, byte[] Bytes)> Load(string target)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "corpus", target);
        if (!Directory.Exists(folder))
            return [];
        return
        [
            .. Directory.GetFiles(folder, "*.hex")
                .Order(StringComparer.Ordinal)
                .Select(file => (Path.GetFileNameWithoutExtension(file), Parse(File.ReadAllText(file)))),
        ];
    }

    public static void Save(string root, string target, string name, ReadOnlySpan<byte> bytes)
    {
        var folder = Path.Combine(root, target);
        Directory.CreateDirectory(folder);
        var digits = Convert.ToHexStringLower(bytes);
        var lines = digits.Chunk(100).Select(line => new string(line) + "\n");
        File.WriteAllText(Path.Combine(folder, name + ".hex"), string.Concat(lines));
    }

    public static byte[] Parse(string text) =>
        Convert.FromHexString(string.Concat(text.Where(char.IsAsciiHexDigit)));
}
