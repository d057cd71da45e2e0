using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Inspection;
using WeCan.Controller.Service;
using WeCan.Controller.Tests.Service;
using WeCan.Hosting.Certificates;

namespace WeCan.Controller.Tests.Inspection;

/// <summary>A real controller that serves its API, with tokens for it: what tests of the API begin with.</summary>
public abstract class ApiSuite : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _time = new(Bound);
    private ControllerService? _service;

    /// <summary>What the controller logs.</summary>
    private protected LineLog Log { get; } = new();

    private protected DataFolder Data => new(Beside("net"));

    private protected CancellationToken Time => _time.Token;

    public void Dispose()
    {
        _time.Dispose();
        _folder.Dispose();
    }

    /// <summary>A file of the test's own.</summary>
    private protected string Beside(string name) => _folder.File(name);

    private protected async Task<ControllerService> StartAsync(TimeProvider? time = null, ApiSettings? api = null)
    {
        if (!File.Exists(Data.Store))
            NetworkInit.Run(Data, "test-net", "c1", DateTimeOffset.UtcNow);
        var settings = new ControllerSettings { Data = Data.Path, Listen = new(IPAddress.Loopback, 0), Id = "c1", Controllers = [], Api = api ?? new(new(IPAddress.Loopback, 0), null, null) };
        return _service = await ControllerService.StartAsync(settings, time ?? TimeProvider.System, Log, null, failure => Assert.Fail(failure.ToString()), Time);
    }

    private protected Task<string> TokenAsync(string role, string name) => AskAsync("api-token create", ("role", role), ("name", name), ("valid_seconds", "3600"));

    private protected async Task<string> AskAsync(string command, params (string Name, string Value)[] arguments)
    {
        var answer = await AdminClient.RunAsync(Data, new(command, arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal)), Time);
        Assert.True(answer.IsDone, answer.Text);
        return answer.Text;
    }

    private protected static string Command(string command, params (string Name, string Value)[] arguments) =>
        JsonSerializer.Serialize(new { command, arguments = arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal) });

    private protected HttpClient Client()
    {
        using var authority = Data.LoadAuthority();
        var trusted = new CertificateVerifier(TimeProvider.System, X509CertificateLoader.LoadCertificate(authority.Certificate.RawData));
        return Client(shown => trusted.Verify(shown) is { Identity.Role: "controller" });
    }

    private protected HttpClient Client(Func<X509Certificate2?, bool> judge)
    {
        RemoteCertificateValidationCallback callback = (_, certificate, _, _) => judge(certificate as X509Certificate2);
        return new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = callback } }) { BaseAddress = new Uri($"https://{_service!.InspectionAddress}") };
    }

    private protected async Task<HttpResponseMessage> AskHttpAsync(string method, string path, string? token, string? body = null)
    {
        using var http = Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.SendAsync(request, Time);
    }

    private protected async Task<string> SendAsync(string method, string path, string? token, string? body)
    {
        using var response = await AskHttpAsync(method, path, token, body);
        var text = await response.Content.ReadAsStringAsync(Time);
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private protected Task<string> GetAsync(string path, string? token) => SendAsync("GET", path, token, null);

    private protected async Task RefusedAsync(HttpStatusCode status, string sentence, string method, string path, string? token, string? body = null)
    {
        using var response = await AskHttpAsync(method, path, token, body);
        var text = await response.Content.ReadAsStringAsync(Time);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(sentence, JsonDocument.Parse(text).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
