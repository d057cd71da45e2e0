using System.Xml.Linq;

namespace WeCan.Architecture.Tests.Projects;

/// <summary>One project file: where it lies and which projects it references directly.</summary>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> References)
{
    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public static ProjectFile Parse(SourceFile file)
    {
        var folder = System.IO.Path.GetDirectoryName(file.Path)!;
        var references =
            from reference in XDocument.Parse(file.Text).Descendants("ProjectReference")
            select Normalize(System.IO.Path.Combine(folder, reference.Attribute("Include")!.Value.Replace('\\', '/')));
        return new ProjectFile(file.Path, [.. references]);
    }

    private static string Normalize(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', '\\'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or ""))
                parts.Add(part);
        }

        return string.Join('/', parts);
    }
}
