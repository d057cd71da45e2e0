using System.Text;

namespace WeCan.Hosting.Local;

/// <summary>Rows of plain text in aligned columns, for people. What came from elsewhere is shown without its control characters.</summary>
public sealed class TextTable
{
    private const string Gap = "  ";

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

    public override string ToString()
    {
        var widths = _columns.Select((column, index) => _rows.Select(row => row[index].Length).Append(column.Head.Length).Max()).ToArray();
        var text = new StringBuilder();
        Append(text, [.. _columns.Select(column => column.Head)], widths);
        foreach (var row in _rows)
            Append(text.Append('\n'), row, widths);
        return text.ToString();
    }

    private TextTable Column(string head, bool isRight)
    {
        _columns.Add((head, isRight));
        return this;
    }

    private void Append(StringBuilder text, string[] cells, int[] widths)
    {
        var start = text.Length;
        for (var i = 0; i < cells.Length; i++)
            text.Append(i == 0 ? "" : Gap).Append(_columns[i].IsRight ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
        while (text.Length > start && text[^1] == ' ')
            text.Length--;
    }

    internal static string Clean(string cell) => cell.Any(char.IsControl) ? string.Concat(cell.Select(letter => char.IsControl(letter) ? '?' : letter)) : cell;
}
