using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>What the controller answers on its socket and over TLS, through Kestrel: an endpoint may also answer by itself, as a stream for as long as it likes, and then returns null.</summary>
internal sealed class ApiEndpoints
{
    private readonly EndpointTable<Func<HttpContext, Task<LocalAnswer?>>> _table = new();

    public void Add(string method, string path, Func<HttpContext, Task<LocalAnswer?>> answer) => _table.Add(method, path, answer);

    /// <summary>Answers one request.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (await AnswerAsync(context) is { } answer)
            await SendAsync(context, answer);
    }

    public static async Task SendAsync(HttpContext context, LocalAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Json.Length;
        await context.Response.Body.WriteAsync(answer.Json, context.RequestAborted);
    }

    private async Task<LocalAnswer?> AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (_table.Find(context.Request.Method, path) is not { } answer)
            return _table.NoSuch(context.Request.Method, path);
        try
        {
            return await answer(context);
        }
        catch (BadHttpRequestException refused)
        {
            return LocalAnswer.Refused(refused.StatusCode, ExitCodes.Usage, refused.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The question is longer than the {context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes that are read: send less."
                : $"The question cannot be read: {refused.Message}");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return LocalAnswer.Failed(failure);
        }
    }
}
