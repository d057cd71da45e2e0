using System.Net.Sockets;
using System.Text;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Local;

/// <summary>A daemon's socket and who asks on it, on real sockets: what is answered, to whom, and each sentence where nothing is.</summary>
public sealed class LocalServerTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();

    private string Path => _folder.File("local.sock");

    private LocalClient Client => new(Path, "wecan-test");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(true, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)]
    public async Task Questions_are_answered_to_the_owner_or_the_group_and_the_file_goes_with_the_server(bool isForGroup, UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are Unix's.");
        await using (Start(Endpoints(), isForGroup))
        {
            Assert.Equal(mode, File.GetUnixFileMode(Path));
            var reply = await Client.AskAsync(HttpMethod.Get, "/v1/hello", null, default);
            Assert.Equal(200, reply.Status);
            Assert.Equal("{\"error\":\"hello\",\"code\":7}", Encoding.UTF8.GetString(reply.Json));
            Assert.Equal("echoed", (await AskAsync("POST", "/v1/echo", "{\"error\":\"echoed\",\"code\":0}")).Error);
        }

        Assert.False(File.Exists(Path));
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", "", 64, "There is no /v1/nothing; there are /v1/echo, /v1/fault, /v1/hello, /v1/late.")]
    [InlineData("DELETE", "/v1/hello", "", 64, "/v1/hello takes no DELETE: use GET.")]
    [InlineData("POST", "/v1/echo", "{", 64, "This is no question that the daemon understands")]
    [InlineData("POST", "/v1/echo", "null", 64, "This is no question that the daemon understands")]
    [InlineData("GET", "/v1/fault", "", 1, "The daemon failed at it: InvalidOperationException: Broken.")]
    [InlineData("GET", "/v1/late", "", 69, "Nobody has time.")]
    public async Task What_has_no_answer_is_refused_in_a_sentence_and_the_server_goes_on(string method, string question, string body, int code, string sentence)
    {
        await using var server = Start(Endpoints());
        var refused = await AskAsync(method, question, body);
        Assert.Equal(code, refused.Code);
        Assert.StartsWith(sentence, refused.Error, StringComparison.Ordinal);
        Assert.Equal("hello", (await AskAsync("GET", "/v1/hello", "")).Error);
    }

    [Fact]
    public async Task A_question_that_is_too_long_is_refused()
    {
        await using var server = Start(Endpoints());
        var refused = await AskAsync("POST", "/v1/echo", $"{{\"error\":\"{new string('x', HostingLimits.LocalRequestBytes)}\"}}");
        Assert.Contains($"{HostingLimits.LocalRequestBytes} bytes", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_is_taken_over_from_the_dead_and_from_nobody_else()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Closed without its file being taken away, as by a kill.
            dead.Bind(new UnixDomainSocketEndPoint(_folder.File("x")));
            File.Move(_folder.File("x"), Path);
        }

        Assert.True(File.Exists(Path));
        Assert.Null(await Client.TryAskAsync(HttpMethod.Get, "/v1/hello", null, Bound, default));
        await using var server = Start(Endpoints());
        Assert.Equal("hello", (await AskAsync("GET", "/v1/hello", "")).Error);

        var refused = Assert.Throws<DaemonException>(() => Start(Endpoints()));
        Assert.Equal(ExitCodes.Unavailable, refused.ExitCode);
        Assert.Contains("is in use by another process", refused.Message, StringComparison.Ordinal);
        Assert.Equal("hello", (await AskAsync("GET", "/v1/hello", "")).Error);
    }

    [Fact]
    public async Task Nobody_s_file_is_overwritten_and_a_place_that_is_none_is_told()
    {
        await File.WriteAllTextAsync(Path, "mine");
        Assert.Contains("is a file and no socket", Assert.Throws<DaemonException>(() => Start(Endpoints())).Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path));

        var nowhere = Assert.Throws<DaemonException>(() => LocalServer.Start(_folder.File("no/local.sock"), isForGroup: false, Endpoints(), TimeProvider.System));
        Assert.Contains("There is no folder", nowhere.Message, StringComparison.Ordinal);
        var tooLong = Assert.Throws<DaemonException>(() => LocalServer.Start(_folder.File(new string('x', 120)), isForGroup: false, Endpoints(), TimeProvider.System));
        Assert.Contains("too long for a socket", tooLong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_hears_in_a_sentence_why_there_is_no_answer()
    {
        await TellsAsync(ExitCodes.Unavailable, "No wecan-test answers at", () => Client.AskAsync(HttpMethod.Get, "/", null, default));

        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        await TellsAsync(ExitCodes.Unavailable, "does not answer within", () => Client.TryAskAsync(HttpMethod.Get, "/", null, TimeSpan.FromMilliseconds(50), default));
        using var first = await listener.AcceptAsync();

        var ended = Client.TryAskAsync(HttpMethod.Get, "/", null, Bound, default);
        (await listener.AcceptAsync()).Dispose();
        await TellsAsync(ExitCodes.Unavailable, "ended before it answered", () => ended);

        var foreign = Client.TryAskAsync(HttpMethod.Get, "/", null, Bound, default);
        using (var other = await listener.AcceptAsync())
        {
            await other.ReceiveAsync(new byte[1_000]);
            await other.SendAsync("HTTP/1.1 500 Broken\r\nContent-Length: 5\r\n\r\n<p>ja"u8.ToArray());
            var reply = await foreign;
            Assert.Contains("of another version", Assert.Throws<DaemonException>(() => reply!.Read(LocalJson.Default.LocalProblem)).Message, StringComparison.Ordinal);
        }
    }

    private static async Task TellsAsync(int code, string sentence, Func<Task> ask)
    {
        var told = await Assert.ThrowsAsync<DaemonException>(ask);
        Assert.Equal(code, told.ExitCode);
        Assert.Contains(sentence, told.Message, StringComparison.Ordinal);
    }

    private static LocalEndpoints Endpoints()
    {
        var endpoints = new LocalEndpoints();
        endpoints.Add("GET", "/v1/hello", (_, _) => Task.FromResult(LocalAnswer.Done(new("hello", 7), LocalJson.Default.LocalProblem)));
        endpoints.Add("POST", "/v1/echo", LocalJson.Default.LocalProblem, (asked, _) => Task.FromResult(LocalAnswer.Done(asked, LocalJson.Default.LocalProblem)));
        endpoints.Add("GET", "/v1/fault", (_, _) => throw new InvalidOperationException("Broken."));
        endpoints.Add("GET", "/v1/late", (_, _) => throw new TimeoutException("Nobody has time."));
        return endpoints;
    }

    private LocalServer Start(LocalEndpoints endpoints, bool isForGroup = false) => LocalServer.Start(Path, isForGroup, endpoints, TimeProvider.System);

    private async Task<LocalProblem> AskAsync(string method, string question, string body)
    {
        var reply = await Client.AskAsync(new HttpMethod(method), question, body.Length > 0 ? Encoding.UTF8.GetBytes(body) : null, default);
        return System.Text.Json.JsonSerializer.Deserialize(reply.Json, LocalJson.Default.LocalProblem)!;
    }
}
