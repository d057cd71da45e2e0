using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Http;

namespace WeCan.Hosting.Local;

/// <summary>
/// What a daemon answers over its socket: parts of it add their endpoints, also while it is served. A question that is none, or that
/// has no answer, is told so in one sentence.
/// </summary>
public sealed class LocalEndpoints
{
    private readonly EndpointTable<Func<HttpQuestion, CancellationToken, Task<LocalAnswer>>> _table = new();

    /// <summary>Adds what answers a question without a body, as <c>GET /v1/status</c>.</summary>
    public void Add(string method, string path, Func<HttpQuestion, CancellationToken, Task<LocalAnswer>> answer) => _table.Add(method, path, answer);

    /// <summary>Adds what answers a question with a body.</summary>
    public void Add<T>(string method, string path, JsonTypeInfo<T> type, Func<T, CancellationToken, Task<LocalAnswer>> answer)
        where T : class => Add(method, path, async (question, cancellation) =>
        {
            T? asked;
            try
            {
                asked = JsonSerializer.Deserialize(question.Body.Span, type);
            }
            catch (JsonException)
            {
                asked = null;
            }

            return asked is null
                ? LocalAnswer.Refused(HttpStatus.BadRequest, ExitCodes.Usage, "This is no question that the daemon understands: is the program of another version than the daemon that runs?")
                : await answer(asked, cancellation);
        });

    /// <summary>Answers one question.</summary>
    internal async Task<LocalAnswer> AnswerAsync(HttpQuestion question, CancellationToken cancellation)
    {
        if (_table.Find(question.Method, question.Path) is not { } answer)
            return _table.NoSuch(question.Method, question.Path);
        try
        {
            return await answer(question, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return LocalAnswer.Failed(failure);
        }
    }

    internal IReadOnlyList<string> MethodsOf(string path) => _table.MethodsOf(path);
}
