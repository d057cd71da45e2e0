using System.Text;

namespace WeCan.Hosting.Local;

/// <summary>Rows of plain text in aligned columns, for people. What came from elsewhere is shown without its control characters.</summary>
public sealed class TextTable
{
    private const string Gap = "  ";

    /// <summary>Before what stands under a row.</summary>
    private const int Indent = 4;

    private readonly List<(string Head, bool IsRight)> _columns = [];
    private readonly List<string[]> _rows = [];

    public TextTable Left(string head) => Column(head, isRight: false);

    /// <summary>For numbers.</summary>
    public TextTable Right(string head) => Column(head, isRight: true);

    public void Row(params string[] cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Length != _columns.Count)
            throw new ArgumentException($"A row has {_columns.Count} cells, not {cells.Length}.", nameof(cells));
        _rows.Add([.. cells.Select(Clean)]);
    }

    public override string ToString() => ToString(TextFold.Unbounded);

    /// <summary>
    /// Takes at most so many columns of a terminal: of what does not fit, the last columns stand under their row, each value behind its column's name. Where
    /// not even the first two fit, lines are longer.
    /// </summary>
    public string ToString(int width)
    {
        var widths = _columns.Select((column, index) => _rows.Select(row => row[index].Length).Append(column.Head.Length).Max()).ToArray();
        var shown = _columns.Count;
        while (shown > 2 && widths.Take(shown).Sum() + (Gap.Length * (shown - 1)) > width)
            shown--;
        var text = new StringBuilder();
        Append(text, [.. _columns.Select(column => column.Head)], widths.AsSpan(0, shown));
        foreach (var row in _rows)
        {
            Append(text.Append('\n'), row, widths.AsSpan(0, shown));
            var rest = string.Join(", ", _columns.Zip(row).Skip(shown).Where(cell => cell.Second is not ("" or "-")).Select(cell => $"{cell.First.Head}: {cell.Second}"));
            if (rest.Length > 0)
                text.Append('\n').Append(TextFold.Fold(rest.PadLeft(rest.Length + Indent), width, Indent));
        }

        return text.ToString();
    }

    private TextTable Column(string head, bool isRight)
    {
        _columns.Add((head, isRight));
        return this;
    }

    private void Append(StringBuilder text, string[] cells, ReadOnlySpan<int> widths)
    {
        var start = text.Length;
        for (var i = 0; i < widths.Length; i++)
            text.Append(i == 0 ? "" : Gap).Append(_columns[i].IsRight ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
        while (text.Length > start && text[^1] == ' ')
            text.Length--;
    }

    internal static string Clean(string cell) => cell.Any(char.IsControl) ? string.Concat(cell.Select(letter => char.IsControl(letter) ? '?' : letter)) : cell;
}
