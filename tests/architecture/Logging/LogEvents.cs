using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeCan.Architecture.Tests.Logging;

/// <summary>Log messages are declared with [LoggerMessage], each under a number of its own, so that an operator can search and alert by number.</summary>
internal static class LogEvents
{
    private static readonly string[] Undeclared = ["LogTrace", "LogDebug", "LogInformation", "LogWarning", "LogError", "LogCritical"];

    /// <summary>Declarations without a number, and every declaration of a number that has two.</summary>
    public static IEnumerable<string> NumberingFaults(IEnumerable<SourceFile> sources)
    {
        var declared = new List<(int Id, string Where)>();
        foreach (var file in sources)
        {
            foreach (var attribute in file.Nodes<AttributeSyntax>().Where(IsLoggerMessage))
            {
                if (IdOf(attribute) is { } id)
                    declared.Add((id, file.At(attribute)));
                else
                    yield return $"{file.At(attribute)}: no event id that is written as a number.";
            }
        }

        foreach (var same in declared.GroupBy(message => message.Id).Where(same => same.Count() > 1))
            yield return $"{same.Key} is the event id of: {string.Join(", ", same.Select(message => message.Where))}.";
    }

    /// <summary>Log calls that name their message where they stand: outside tests there are none.</summary>
    public static IEnumerable<string> UndeclaredCalls(IEnumerable<SourceFile> sources) =>
        from file in sources
        where !file.IsIn("tests")
        from call in file.Nodes<InvocationExpressionSyntax>()
        let access = call.Expression as MemberAccessExpressionSyntax
        where access is not null && (Undeclared.Contains(access.Name.Identifier.Text) || IsLogOfLevel(access, call))
        select $"{file.At(call)}: {access}(…)";

    private static bool IsLoggerMessage(AttributeSyntax attribute) => attribute.Name.ToString().Split('.')[^1] is "LoggerMessage" or "LoggerMessageAttribute";

    private static int? IdOf(AttributeSyntax attribute)
    {
        var arguments = attribute.ArgumentList?.Arguments ?? default;
        var named = arguments.FirstOrDefault(argument => (argument.NameEquals?.Name ?? argument.NameColon?.Name)?.Identifier.Text is "EventId" or "eventId");
        var id = named ?? arguments.FirstOrDefault(argument => argument.NameEquals is null && argument.NameColon is null);
        return id?.Expression is LiteralExpressionSyntax { Token.Value: int number } ? number : null;
    }

    private static bool IsLogOfLevel(MemberAccessExpressionSyntax access, InvocationExpressionSyntax call) =>
        access.Name.Identifier.Text == "Log" && call.ArgumentList.Arguments is [{ Expression: var first }, ..] && first.ToString().Contains("LogLevel.", StringComparison.Ordinal);
}
