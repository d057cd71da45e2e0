using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeCan.Architecture.Tests.Protocol;

/// <summary>
/// What keeps overlay/protocol free of I/O, clocks, threads and chance beyond what the compiler enforces there by
/// BannedSymbols.txt: that the ban is in force, that nobody switches it off, and what has no symbol to ban.
/// </summary>
internal static class ProtocolPurity
{
    public const string Rule = "RS0030";
    public const string BanFile = "BannedSymbols.txt";

    /// <summary>The least that the ban must hold; it may hold more.</summary>
    public static readonly string[] Banned =
    [
        "T:System.DateTime", "T:System.DateTimeOffset", "T:System.TimeProvider", "T:System.Diagnostics.Stopwatch",
        "P:System.Environment.TickCount", "P:System.Environment.TickCount64", "T:System.Threading.Timer",
        "N:System.Net.Sockets", "N:System.IO",
        "N:System.Threading.Tasks", "T:System.Threading.Thread", "T:System.Threading.ThreadPool",
        "T:System.Threading.Monitor", "T:System.Threading.Lock",
        "T:System.Random", "T:System.Security.Cryptography.RandomNumberGenerator", "M:System.Guid.NewGuid",
        "T:System.Console",
    ];

    public static IEnumerable<string> MissingBans(string banFile)
    {
        var present = banFile.Split('\n').Select(line => line.Split(';')[0].Trim()).ToHashSet(StringComparer.Ordinal);
        return Banned.Where(symbol => !present.Contains(symbol));
    }

    /// <summary>Places that switch the ban off for some lines, a member, or (with no rule named) for everything.</summary>
    public static IEnumerable<string> Suppressions(IEnumerable<SourceFile> sources)
    {
        foreach (var file in sources.Where(file => file.IsIn(ProtocolLayers.Project)))
        {
            foreach (var trivia in file.Syntax.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia)))
            {
                var pragma = (PragmaWarningDirectiveTriviaSyntax)trivia.GetStructure()!;
                if (pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword) && (pragma.ErrorCodes.Count == 0 || pragma.ErrorCodes.Any(code => code.ToString() == Rule)))
                    yield return $"{file.At(trivia.SpanStart)}: {trivia.ToString().Trim()}";
            }

            foreach (var attribute in file.Nodes<AttributeSyntax>())
            {
                if (attribute.Name.ToString().Contains("SuppressMessage", StringComparison.Ordinal) && attribute.ToString().Contains(Rule, StringComparison.Ordinal))
                    yield return $"{file.At(attribute)}: {attribute}";
            }
        }
    }

    /// <summary>Signs of a second writer: locks, and memory that is shared between threads.</summary>
    public static IEnumerable<string> SharedState(IEnumerable<SourceFile> sources)
    {
        foreach (var file in sources.Where(file => file.IsIn(ProtocolLayers.Project)))
        {
            foreach (var statement in file.Nodes<LockStatementSyntax>())
                yield return $"{file.At(statement)}: lock";
            foreach (var token in file.Syntax.DescendantTokens())
            {
                if (token.IsKind(SyntaxKind.VolatileKeyword) || (token.IsKind(SyntaxKind.IdentifierToken) && token.Text is "Interlocked" or "Volatile" or "ThreadStatic" or "ThreadLocal"))
                    yield return $"{file.At(token)}: {token.Text}";
            }
        }
    }
}
