using System.CommandLine;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using WeCan.Hosting.Local;

namespace WeCan.Cli;

/// <summary>One run of a command: what was written, whom to ask (where somebody is asked at all), and for whom to print.</summary>
internal sealed record CliCall(ParseResult Parse, Lazy<ApiClient> Controller, bool IsJson)
{
    public ApiClient Client => Controller.Value;

    /// <summary>Asks, and prints the answer: for programs as it came, for people as the text that is made of it.</summary>
    public async Task ShowAsync<T>(string question, JsonTypeInfo<T> type, Func<T, string> show, CancellationToken cancellation)
        where T : class => await PrintAsync(await Client.GetAsync(question, cancellation), type, show);

    /// <summary>The same for what changes something, or takes a body.</summary>
    public async Task SendAsync<T>(HttpMethod method, string question, byte[]? json, JsonTypeInfo<T> type, Func<T, string> show, CancellationToken cancellation)
        where T : class => await PrintAsync(await Client.SendAsync(method, question, json, cancellation), type, show);

    private async Task PrintAsync<T>(LocalReply reply, JsonTypeInfo<T> type, Func<T, string> show)
        where T : class
    {
        var report = reply.Read(type);
        await Console.Out.WriteLineAsync(IsJson ? Encoding.UTF8.GetString(reply.Json) : show(report));
    }
}
