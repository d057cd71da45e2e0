namespace WeCan.Hosting.Local;

/// <summary>Facts under each other, each with its name before it, for people.</summary>
public sealed class TextFacts
{
    private readonly List<(string Name, string Text)> _facts = [];

    public void Add(string name, string text) => _facts.Add((name, text));

    public override string ToString() => ToString(TextFold.Unbounded);

    /// <summary>Takes at most so many columns of a terminal; what does not fit goes on under its beginning.</summary>
    public string ToString(int width)
    {
        var names = _facts.Count == 0 ? 0 : _facts.Max(fact => fact.Name.Length);
        return string.Join('\n', _facts.Select(fact => TextFold.Fold($"{fact.Name.PadRight(names)}  {TextTable.Clean(fact.Text)}", width, names + 2)));
    }
}
