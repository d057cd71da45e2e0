namespace WeCan.Hosting.Local;

/// <summary>Facts under each other, each with its name before it, for people.</summary>
public sealed class TextFacts
{
    private readonly List<(string Name, string Text)> _facts = [];

    public void Add(string name, string text) => _facts.Add((name, text));

    public override string ToString()
    {
        var width = _facts.Count == 0 ? 0 : _facts.Max(fact => fact.Name.Length);
        return string.Join('\n', _facts.Select(fact => $"{fact.Name.PadRight(width)}  {TextTable.Clean(fact.Text)}"));
    }
}
