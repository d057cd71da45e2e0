using System.CommandLine;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace WeCan.Cli;

/// <summary>One run of a command: what was written, whom to ask, and for whom to print.</summary>
internal sealed record CliCall(ParseResult Parse, ApiClient Client, bool IsJson)
{
    /// <summary>Asks, and prints the answer: for programs as it came, for people as the text that is made of it.</summary>
    public async Task ShowAsync<T>(string question, JsonTypeInfo<T> type, Func<T, string> show, CancellationToken cancellation)
        where T : class
    {
        var reply = await Client.GetAsync(question, cancellation);
        var report = reply.Read(type);
        await Console.Out.WriteLineAsync(IsJson ? Encoding.UTF8.GetString(reply.Json) : show(report));
    }
}
