using System.Text;

namespace WeCan.Hosting.Local;

/// <summary>Lines of words that go on under each other where a terminal ends, instead of wherever it breaks them.</summary>
public static class TextFold
{
    /// <summary>A width that nothing is folded to: what other programs read stays a line.</summary>
    public const int Unbounded = int.MaxValue;

    /// <summary>Less room than this holds no words; lines are left as they are then.</summary>
    private const int LeastRoom = 20;

    /// <summary>Breaks each line at spaces so that it takes at most so many columns; what goes on is indented. A word that is longer stands alone.</summary>
    public static string Fold(string text, int width, int indent)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (width - indent < LeastRoom)
            return text;
        return string.Join('\n', text.Split('\n').Select(line => FoldLine(line, width, indent)));
    }

    private static string FoldLine(string line, int width, int indent)
    {
        var folded = new StringBuilder();
        var (start, room) = (0, width);
        while (line.Length - start > room)
        {
            var first = start;
            while (first < line.Length && line[first] == ' ')
                first++;
            var end = line.LastIndexOf(' ', start + room);
            if (end <= first)
                end = line.IndexOf(' ', first);
            if (end < 0)
                break;
            folded.Append(line.AsSpan(start, end - start).TrimEnd(' ')).Append('\n').Append(' ', indent);
            (start, room) = (end + 1, width - indent);
        }

        return folded.Append(line.AsSpan(start)).ToString();
    }
}
