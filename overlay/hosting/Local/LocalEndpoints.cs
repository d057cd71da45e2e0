using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Local;

/// <summary>
/// What a daemon answers over its socket: parts of it add their endpoints, also while it is served. A question that is none, or that
/// has no answer, is told so in one sentence. A path may end with a name in braces, which stands for any one last part of it.
/// </summary>
public sealed class LocalEndpoints
{
    private readonly ConcurrentDictionary<(string Method, string Path), Func<HttpContext, Task<LocalAnswer?>>> _endpoints = new();

    /// <summary>Adds what answers a question without a body, as <c>GET /v1/status</c>.</summary>
    public void Add(string method, string path, Func<HttpContext, Task<LocalAnswer>> answer) => _endpoints[(method, path)] = async context => await answer(context);

    /// <summary>Adds what may answer by itself, as a stream for as long as it likes, and then returns null.</summary>
    public void AddStream(string method, string path, Func<HttpContext, Task<LocalAnswer?>> answer) => _endpoints[(method, path)] = answer;

    /// <summary>Adds what answers a question with a body.</summary>
    public void Add<T>(string method, string path, JsonTypeInfo<T> type, Func<T, CancellationToken, Task<LocalAnswer>> answer)
        where T : class => Add(method, path, async context =>
        {
            T? asked;
            try
            {
                asked = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
            }
            catch (JsonException)
            {
                asked = null;
            }

            return asked is null
                ? LocalAnswer.Refused(StatusCodes.Status400BadRequest, ExitCodes.Usage, "This is no question that the daemon understands: is the program of another version than the daemon that runs?")
                : await answer(asked, context.RequestAborted);
        });

    /// <summary>Whether a path is the one that an endpoint was added with.</summary>
    public static bool Matches(string known, string path)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(path);
        if (!known.EndsWith('}'))
            return known == path;
        var last = known.LastIndexOf('/') + 1;
        return path.Length > last && path.AsSpan(0, last).SequenceEqual(known.AsSpan(0, last)) && !path.AsSpan(last).Contains('/');
    }

    /// <summary>What stands in a path where its endpoint has a name in braces.</summary>
    public static string LastPart(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var path = context.Request.Path.Value ?? "";
        return path[(path.LastIndexOf('/') + 1)..];
    }

    /// <summary>Answers one request.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (await AnswerAsync(context) is { } answer)
            await SendAsync(context, answer);
    }

    public static async Task SendAsync(HttpContext context, LocalAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(answer);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Json.Length;
        await context.Response.Body.WriteAsync(answer.Json, context.RequestAborted);
    }

    private async Task<LocalAnswer?> AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (Find(context.Request.Method, path) is not { } answer)
            return NoSuch(context.Request.Method, path);
        try
        {
            return await answer(context);
        }
        catch (BadHttpRequestException refused)
        {
            return LocalAnswer.Refused(refused.StatusCode, ExitCodes.Usage, refused.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The question is longer than the {HostingLimits.LocalRequestBytes} bytes that are read: send less."
                : $"The question cannot be read: {refused.Message}");
        }
        catch (TimeoutException late)
        {
            return LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.Unavailable, late.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A fault in an answer is told to who asked, and the daemon goes on.
            return LocalAnswer.Refused(StatusCodes.Status500InternalServerError, ExitCodes.Fault, $"The daemon failed at it: {failure.GetType().Name}: {failure.Message}");
        }
    }

    /// <summary>A path that is named whole goes before those with a name in braces.</summary>
    private Func<HttpContext, Task<LocalAnswer?>>? Find(string method, string path) =>
        _endpoints.TryGetValue((method, path), out var exact) ? exact : _endpoints.FirstOrDefault(known => known.Key.Method == method && Matches(known.Key.Path, path)).Value;

    private LocalAnswer NoSuch(string method, string path)
    {
        var others = _endpoints.Keys.Where(known => Matches(known.Path, path)).Select(known => known.Method).Order(StringComparer.Ordinal).ToList();
        return others.Count > 0
            ? LocalAnswer.Refused(StatusCodes.Status405MethodNotAllowed, ExitCodes.Usage, $"{path} takes no {method}: use {string.Join(" or ", others)}.")
            : LocalAnswer.Refused(StatusCodes.Status404NotFound, ExitCodes.Usage, $"There is no {path}; there are {string.Join(", ", _endpoints.Keys.Select(known => known.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}.");
    }
}
