using System.Text;

namespace WeCan.Lab.View;

/// <summary>Rows of cells as lines of equal columns: the first so many left-aligned, for names, the rest right-aligned, for numbers.</summary>
internal sealed class TextTable(int leftColumns, params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The heading first.</summary>
    public IEnumerable<string> Lines()
    {
        var widths = Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
            {
                line.Append(column == 0 ? "" : Gap);
                line.Append(column < leftColumns ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column]));
            }

            yield return line.ToString().TrimEnd();
        }
    }
}
