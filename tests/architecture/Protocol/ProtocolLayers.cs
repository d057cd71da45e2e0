using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeCan.Architecture.Tests.Protocol;

/// <summary>
/// The layers inside overlay/protocol, one folder and namespace each. What lies in the project's own folder (drop reasons,
/// counters) is known to all of them and knows none.
/// </summary>
internal static class ProtocolLayers
{
    public const string Project = "overlay/protocol";
    private const string RootNamespace = "WeCan.Protocol";

    private static readonly Dictionary<string, string[]> Knows = new(StringComparer.Ordinal)
    {
        [""] = [],
        ["Wire"] = [],
        ["Crypto"] = [],
        ["Handshakes"] = ["Wire", "Crypto"],

        // Repair is above Coding and knows of it only which repairs are independent of each other.
        ["Repair"] = ["Wire", "Coding"],

        // Links is above Coding and yet known to it: what it combines lies in the packet buffers of the link.
        ["Coding"] = ["Wire", "Links"],
        ["Links"] = ["Wire", "Crypto", "Handshakes", "Coding", "Repair"],
        ["Sealing"] = ["Wire", "Crypto", "Handshakes"],
        ["Transport"] = ["Wire", "Crypto", "Sealing"],

        // Nodes is above Paths and yet known to it: the forwarder sends on the links that LinkSlot and PeerTable hold.
        ["Paths"] = ["Wire", "Links", "Transport", "Nodes"],

        // So is Clients: an edge's clients are at the other ends of links that a node keeps.
        ["Clients"] = ["Wire", "Crypto", "Handshakes", "Links", "Transport", "Nodes"],
        ["Nodes"] = ["Wire", "Crypto", "Handshakes", "Links", "Sealing", "Transport", "Paths", "Clients"],
    };

    /// <summary>Uses of a layer that a file's own may not know, and namespaces that are not their folder's.</summary>
    public static IEnumerable<string> Violations(IEnumerable<SourceFile> sources)
    {
        foreach (var file in sources.Where(file => file.IsIn(Project)))
        {
            var folder = Folder(file);
            if (!Knows.TryGetValue(folder, out var known))
            {
                yield return $"{file.Path}: the folder {folder} has no row in the table of layers.";
                continue;
            }

            var expected = folder.Length == 0 ? RootNamespace : $"{RootNamespace}.{folder}";
            foreach (var space in file.Nodes<BaseNamespaceDeclarationSyntax>().Where(space => space.Name.ToString() != expected))
                yield return $"{file.At(space)}: the namespace {space.Name} in the folder of {expected}.";

            var self = folder.Length == 0 ? "the protocol's own folder" : folder;
            var allowed = known.Length == 0 ? "no other layer" : $"only {string.Join(", ", known)}";
            foreach (var (layer, where) in Mentions(file).Where(mention => mention.Layer != folder && !known.Contains(mention.Layer)))
                yield return $"{where}: {self} uses {layer}, but may know {allowed}.";
        }
    }

    /// <summary>The first folder below the project's, or nothing.</summary>
    private static string Folder(SourceFile file)
    {
        var below = file.Path[(Project.Length + 1)..];
        var slash = below.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "" : below[..slash];
    }

    /// <summary>Layers named by a using, by a full name, or (where only a type can stand) by the short name Layer.Type.</summary>
    private static IEnumerable<(string Layer, string Where)> Mentions(SourceFile file)
    {
        foreach (var node in file.Syntax.DescendantNodes().Where(node => node is QualifiedNameSyntax or MemberAccessExpressionSyntax))
        {
            var parts = node.ToString().Split('.', StringSplitOptions.TrimEntries);
            if (parts is ["WeCan", "Protocol", var layer, ..])
            {
                if (Knows.ContainsKey(layer) && node.Parent is not BaseNamespaceDeclarationSyntax)
                    yield return (layer, file.At(node));
            }
            else if (node is QualifiedNameSyntax && Knows.ContainsKey(parts[0]))
            {
                yield return (parts[0], file.At(node));
            }
        }
    }
}
