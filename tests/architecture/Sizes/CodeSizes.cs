using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeCan.Architecture.Tests.Sizes;

/// <summary>
/// Measures files and functions in lines, as a reader scrolls them: blank lines and comments inside count. A function is
/// whatever has a body: methods, constructors, operators, accessors, local functions, lambdas, and a program's top-level
/// statements. What is nested counts for itself and for what holds it.
/// </summary>
internal static class CodeSizes
{
    public const int MostInFile = 400;
    public const int MostInFunction = 60;

    public static IEnumerable<SizeEntry> Measure(SourceFile file)
    {
        yield return new SizeEntry(file.Path, null, file.Text.TrimEnd().AsSpan().Count('\n') + 1);

        var functions = file.Syntax.DescendantNodes()
            .Where(node => NameOf(node) is not null)
            .GroupBy(node => $"{TypeOf(node)}.{NameOf(node)}", node => LinesOf(node.GetLocation()), StringComparer.Ordinal);
        foreach (var function in functions)
            yield return new SizeEntry(file.Path, function.Key, function.Max());

        var topLevel = file.Nodes<GlobalStatementSyntax>().Where(statement => statement.Statement is not LocalFunctionStatementSyntax).ToList();
        if (topLevel.Count > 0)
            yield return new SizeEntry(file.Path, "top-level", topLevel.Sum(statement => LinesOf(statement.GetLocation())));
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax => "constructor",
        DestructorDeclarationSyntax => "finalizer",
        OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax => "operator",
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        AccessorDeclarationSyntax accessor => $"{Owner(accessor)}.{accessor.Keyword.Text}",
        PropertyDeclarationSyntax { ExpressionBody: not null } property => property.Identifier.Text,
        IndexerDeclarationSyntax { ExpressionBody: not null } => "this",
        AnonymousFunctionExpressionSyntax => "lambda",
        _ => null,
    };

    private static string Owner(AccessorDeclarationSyntax accessor) => accessor.Parent?.Parent switch
    {
        PropertyDeclarationSyntax property => property.Identifier.Text,
        EventDeclarationSyntax @event => @event.Identifier.Text,
        _ => "this",
    };

    private static string TypeOf(SyntaxNode node) => node.Ancestors().OfType<BaseTypeDeclarationSyntax>().FirstOrDefault()?.Identifier.Text ?? "top-level";

    private static int LinesOf(Location location)
    {
        var span = location.GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
