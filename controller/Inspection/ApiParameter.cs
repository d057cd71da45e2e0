namespace WeCan.Controller.Inspection;

/// <summary>A value in the query of a request, or where its path has the name in braces.</summary>
internal sealed record ApiParameter(string Name, bool IsRequired, string About)
{
    public bool IsIn(string path) => path.EndsWith($"{{{Name}}}", StringComparison.Ordinal);
}
