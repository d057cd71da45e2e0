using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Routing.Policy;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>Reads what is asked about policies, within bounds. What is wrong is the refusal, one sentence.</summary>
internal static class PolicyRequest
{
    /// <summary>Problems of a policy that are told at once.</summary>
    private const int ProblemsTold = 5;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ApiParameter Force { get; } = new("force", false, "\"true\" sets it also where pairs of nodes are left without any way.");

    public static bool IsForced(HttpContext context) => context.Request.Query["force"].ToString() == "true";

    /// <summary>The policy in the body.</summary>
    public static async Task<(PolicyDocument? Document, LocalAnswer? Wrong)> ReadDocumentAsync(HttpContext context)
    {
        return await RequestBody.ReadAsync(context, ApiLimits.PolicyBytes, InspectionLimits.PolicyBytesTaken) is { } bytes ? Parse(bytes) : (null, TooLarge());
    }

    /// <summary>A version that a policy had, read by this program: an older one may have let pass what this one does not.</summary>
    public static (PolicyDocument? Document, LocalAnswer? Wrong) ReadVersion(long version, string text) =>
        PolicyDocument.TryRead(text, out var document, out var problems)
            ? (document, null)
            : (null, ApiAnswers.Bad($"Version {version} was written by another version of this program, which this one does not read: {Tell(problems)}"));

    /// <summary>A version in the query or the path.</summary>
    public static bool TryVersion(string? text, out long version) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version);

    /// <summary>What is wrong with what is said of a version; null for nothing.</summary>
    public static LocalAnswer? ProblemOf(string comment) =>
        comment.Length > ApiLimits.CommentLetters ? ApiAnswers.Bad($"The comment has {comment.Length} letters: use at most {ApiLimits.CommentLetters}.")
        : comment.Any(char.IsControl) ? ApiAnswers.Bad("The comment has letters that cannot be shown: write it on one line.")
        : null;

    private static (PolicyDocument? Document, LocalAnswer? Wrong) Parse(ReadOnlySpan<byte> bytes)
    {
        // Some editors put a mark before the text.
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.Trim(" \t\r\n"u8).IsEmpty)
            return (null, ApiAnswers.Bad("No policy was sent: send it as the body, in JSON."));
        try
        {
            // JSON has no such byte, and what has two bytes for each letter has many.
            if (bytes.Contains((byte)0))
                return (null, NotUtf8());
            return PolicyDocument.TryRead(Strict.GetString(bytes), out var document, out var problems)
                ? (document, null)
                : (null, ApiAnswers.Bad($"This policy is not taken: {Tell(problems)}"));
        }
        catch (DecoderFallbackException)
        {
            return (null, NotUtf8());
        }
    }

    private static LocalAnswer NotUtf8() => ApiAnswers.Bad("This policy is not taken: it is not in UTF-8, in which JSON is written. Save it so.");

    private static string Tell(IReadOnlyList<string> problems) =>
        string.Join(' ', problems.Take(ProblemsTold)) + (problems.Count > ProblemsTold ? $" There are {problems.Count - ProblemsTold} more problems." : "");

    private static LocalAnswer TooLarge() =>
        LocalAnswer.Refused(StatusCodes.Status413PayloadTooLarge, ExitCodes.Usage, $"The policy is larger than the {ApiLimits.PolicyBytes >> 10} KiB that are read: is it the right file?");
}
