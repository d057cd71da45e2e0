namespace WeCan.Contracts.Inspection;

/// <summary>A node by its number, and its name where it has one.</summary>
public sealed record NodeName(int Number, string Name)
{
    public override string ToString() => Name.Length > 0 ? $"{Number} ({Name})" : $"{Number}";
}
