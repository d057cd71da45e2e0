using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Cli;

/// <summary>Asks a controller, on its socket or over TLS. Whatever keeps it from an answer is one sentence for the person who asked.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    /// <summary>What a policy would do to the routes of a large network takes a while to reckon.</summary>
    private static readonly TimeSpan ChangeBound = TimeSpan.FromSeconds(60);

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly string? _socket;
    private readonly HttpClient _http;
    private readonly string _name;

    private ApiClient(string? socket, HttpClient http, string name) => (_socket, _http, _name) = (socket, http, name);

    public static ApiClient OfSocket(string path)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new(path, new(handler) { BaseAddress = new("http://controller/"), Timeout = Timeout.InfiniteTimeSpan }, path);
    }

    /// <param name="address">Where the API is served over TLS.</param>
    /// <param name="token">What opens it.</param>
    /// <param name="roots">The authorities of its certificate; null for those that this machine trusts.</param>
    public static ApiClient OfAddress(Uri address, string token, X509Certificate2Collection? roots)
    {
        var handler = new SocketsHttpHandler();
        if (roots is not null)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate as X509Certificate2, errors, roots);
        var http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new(null, http, address.Authority);
    }

    public Task<LocalReply> GetAsync(string question, CancellationToken cancellation) => AskAsync(HttpMethod.Get, question, null, Bound, cancellation);

    /// <summary>Asks for a change of the network, or what it would be: with a body, where there is something to say.</summary>
    public Task<LocalReply> SendAsync(HttpMethod method, string question, byte[]? json, CancellationToken cancellation) => AskAsync(method, question, json, ChangeBound, cancellation);

    private async Task<LocalReply> AskAsync(HttpMethod method, string question, byte[]? json, TimeSpan bound, CancellationToken cancellation)
    {
        if (_socket is not null)
        {
            return await new LocalClient(_socket, "wecan-controller").TryAskAsync(method, question, json, bound, cancellation)
                ?? throw new DaemonException($"No controller answers at {_socket}: start it there, or name another with --api or WECAN_API, as https://HOST:PORT.", ExitCodes.Unavailable);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(bound);
        using var request = new HttpRequestMessage(method, question);
        if (json is not null)
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = JsonType } };
        using var response = await SendAsync(request, bound, limit.Token, cancellation);
        if (response.Content.Headers.ContentType?.MediaType != JsonType.MediaType)
            throw new DaemonException($"{_name} is not the API of a controller: name the port of its \"inspection.listen\", and not the one to which nodes connect.", ExitCodes.Unavailable);
        return new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(limit.Token));
    }

    /// <summary>The lines of a stream of events, from the one after an event on; ends with the stream.</summary>
    public async IAsyncEnumerable<string> FollowAsync(string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
        if (after is not null)
            request.Headers.Add("Last-Event-ID", after);
        using var response = await SendAsync(request, Bound, cancellation, cancellation);
        if (!response.IsSuccessStatusCode)
            _ = new LocalReply((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation)).Read(Contracts.Inspection.InspectionJson.Default.EventEntry);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await NextAsync(reader, cancellation) is { } line)
            yield return line;
    }

    public void Dispose() => _http.Dispose();

    private static async Task<string?> NextAsync(StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
        }
        catch (IOException)
        {
            // The controller has ended, or the network between: the same as the end of the stream.
            return null;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan bound, CancellationToken limit, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
        }
        catch (HttpRequestException failure) when (failure.InnerException is AuthenticationException)
        {
            throw new DaemonException($"The certificate of {_name} is signed by nobody whom this machine trusts, or is for another name: name its authority with --ca, for the controller's own the network's authority.pem.", ExitCodes.Unavailable, failure);
        }
        catch (HttpRequestException failure)
        {
            throw new DaemonException($"{_name} cannot be reached: {failure.GetBaseException().Message}. Is the controller running there, with \"inspection.listen\" set?", ExitCodes.Unavailable, failure);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new DaemonException($"{_name} does not answer within {bound.TotalSeconds:0} s.", ExitCodes.Unavailable, late);
        }
    }

    /// <summary>A controller's own certificate names the controller and no host; one of another authority has to name the host too.</summary>
    private static bool IsTrusted(X509Certificate2? certificate, SslPolicyErrors errors, X509Certificate2Collection roots)
    {
        if (certificate is null)
            return false;
        if (new CertificateVerifier(TimeProvider.System, [.. roots]).Verify(certificate) is { Identity.Role: "controller" })
            return true;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None && chain.Build(certificate);
    }
}
