using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeCan.Architecture.Tests;

/// <summary>
/// One text file and, when it is C#, its syntax. The rules take these instead of reading the disk, so that each rule is
/// also tested on text that breaks it.
/// </summary>
internal sealed class SourceFile(string path, string text)
{
    private static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview).WithPreprocessorSymbols("DEBUG");

    private readonly Lazy<CompilationUnitSyntax> _syntax = new(() => CSharpSyntaxTree.ParseText(text, ParseOptions, path).GetCompilationUnitRoot());

    public string Path { get; } = path;

    public string Text { get; } = text;

    public CompilationUnitSyntax Syntax => _syntax.Value;

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>Nodes of one kind, anywhere in the file.</summary>
    public IEnumerable<T> Nodes<T>()
        where T : SyntaxNode => Syntax.DescendantNodes().OfType<T>();

    /// <summary>Comments of every form, documentation included.</summary>
    public IEnumerable<SyntaxTrivia> Comments() =>
        from trivia in Syntax.DescendantTrivia()
        where trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia
        select trivia;

    public string At(SyntaxNode node) => At(node.SpanStart);

    public string At(SyntaxToken token) => At(token.SpanStart);

    /// <summary>Where it stands, as an editor opens it: path and line.</summary>
    public string At(int position) => $"{Path}:{Text.AsSpan(0, position).Count('\n') + 1}";
}
