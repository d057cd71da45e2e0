using System.Text;
using WeCan.Hosting.Http;

namespace WeCan.Hosting.Tests.Http;

/// <summary>Says what it was asked, fails when asked to, and says nothing at all for as long as it is let.</summary>
internal sealed class TestSite : IHttpSite
{
    /// <summary>What no socket holds for a peer that does not read.</summary>
    public const int Much = 64 << 20;

    public int Connections { get; init; } = 4;

    public int BodyBytes { get; init; } = 100;

    public async Task<HttpAnswer> AnswerAsync(HttpQuestion question, CancellationToken cancellation)
    {
        if (question.Path == "/fault")
            throw new InvalidOperationException("Broken.");
        if (question.Path == "/never")
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
        return question.Path == "/much" ? new(HttpStatus.Ok, "text/plain", new byte[Much]) : Text(HttpStatus.Ok, $"{question.Method} {question.Path} {question.Query("q")} {Encoding.UTF8.GetString(question.Body.Span)}");
    }

    public HttpAnswer Refuse(int status, string sentence) => Text(status, sentence);

    private static HttpAnswer Text(int status, string text) => new(status, "text/plain", Encoding.UTF8.GetBytes(text));
}
