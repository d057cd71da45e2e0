namespace WeCan.Architecture.Tests.Sizes;

/// <summary>The size in lines of a file, or of the largest function of one name in it (then <see cref="Function"/> is Type.Name).</summary>
internal readonly record struct SizeEntry(string Path, string? Function, int Lines)
{
    public string Name => Function is null ? Path : $"{Path} {Function}";
}
