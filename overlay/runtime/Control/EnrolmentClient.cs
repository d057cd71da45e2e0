using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Enrolment;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;
using Fingerprint = WeCan.Contracts.Control.Fingerprint;

namespace WeCan.Runtime.Control;

/// <summary>
/// Lets a node into its network: (1) a controller is asked for its authority, which is held against the token's fingerprint,
/// (2) over a connection to who shows a certificate of that authority, the token, the node's keys and its role are sent, (3) what
/// is answered goes to the node's folder. Whatever is lost on the way, the same keys ask again and get the same
/// number. A refusal, and a controller that is never there, are a <see cref="DaemonException"/> of one sentence.
/// </summary>
internal sealed class EnrolmentClient(NodeFolder folder, EnrolmentOrder order, TimeProvider time, ILogger log)
{

    public async Task<NodeRecord> RunAsync(CancellationToken cancellation)
    {
        if (!EnrolmentToken.TryParse(order.Token, out var token, out var problem))
            throw new DaemonException(problem, ExitCodes.Config);
        if (order.Controllers.Count == 0)
            throw new DaemonException("No controller is named to enrol at: write where one listens at \"controllers\", as in \"controller.example:4700\".", ExitCodes.Config);
        using var key = folder.TlsKey();
        using var overlay = folder.OverlayKey();
        if (!OverlayKey.TryRead(overlay.PublicKey.ToArray(), out var overlayKey))
            throw new InvalidOperationException("An overlay key that was loaded is none.");
        var request = new EnrolRequest
        {
            Token = token.Id,
            Secret = token.Secret,
            Request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256).CreateSigningRequest(),
            Key = overlayKey,
            Role = order.Role,
            Addresses = order.Addresses,
        };

        var start = time.GetTimestamp();
        var pipeline = new ResiliencePipelineBuilder<NodeRecord> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<NodeRecord>
            {
                ShouldHandle = new PredicateBuilder<NodeRecord>().Handle<UnreachableException>(_ => time.GetElapsedTime(start) < order.Patience),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = ControlClientLimits.FirstRetry,
                MaxDelay = TimeSpan.FromSeconds(2),
                OnRetry = retry =>
                {
                    ControlLog.EnrolmentWaits(log, retry.Outcome.Exception!.Message);
                    return default;
                },
            })
            .Build();
        try
        {
            return await pipeline.ExecuteAsync(async stop => await AskAllAsync(request, token, stop), cancellation);
        }
        catch (UnreachableException unreachable)
        {
            throw new DaemonException($"No controller lets this node in: {unreachable.Message}. See that one runs there, or correct \"controllers\".", ExitCodes.Unavailable, unreachable);
        }
    }

    private async Task<NodeRecord> AskAllAsync(EnrolRequest request, EnrolmentToken token, CancellationToken cancellation)
    {
        List<string> reasons = [];
        OtherNetworkException? stranger = null;
        var strangers = 0;
        foreach (var controller in order.Controllers)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(ControlClientLimits.EnrolTime);
                return await AskAsync(controller, request, token, limit.Token);
            }
            catch (OtherNetworkException other)
            {
                // One wrong address must not keep the node from the right ones behind it.
                (stranger, strangers) = (other, strangers + 1);
                reasons.Add(other.Message);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                reasons.Add($"{controller} did not answer within {ControlClientLimits.EnrolTime.TotalSeconds:0} s");
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                reasons.Add($"{controller}: {failure.GetBaseException().Message}");
            }
        }

        if (stranger is not null && strangers == reasons.Count)
            throw new DaemonException($"{stranger.Message}: take a token of that network, or correct \"controllers\".", ExitCodes.Config, stranger);
        throw new UnreachableException(string.Join("; ", reasons));
    }

    private async Task<NodeRecord> AskAsync(string controller, EnrolRequest request, EnrolmentToken token, CancellationToken cancellation)
    {
        using var authority = await AskAuthorityAsync(controller, token.Authority, cancellation);
        var trust = new ControllerTrust([authority], time.GetUtcNow);
        using var http = Client(controller, trust.Callback);
        using var body = new ByteArrayContent(request.ToArray());
        HttpResponseMessage response;
        try
        {
            response = await http.PostAsync(new Uri("/v1/enrol", UriKind.Relative), body, cancellation);
        }
        catch (HttpRequestException failure) when (trust.Refusal is { } why)
        {
            throw new OtherNetworkException($"Who answers at {controller} is no controller of this network, as {why}", failure);
        }

        using (response)
        {
            if (response.IsSuccessStatusCode)
                return Keep(await response.Content.ReadAsByteArrayAsync(cancellation), authority, controller);
            var said = (await response.Content.ReadAsStringAsync(cancellation)).Trim();
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
                throw new HttpRequestException(said);
            throw new DaemonException($"The controller at {controller} does not let this node in. {said}", ExitCodes.Config);
        }
    }

    /// <summary>Asks whoever is there, as nobody is known yet; what counts is that the answer has the token's fingerprint.</summary>
    private static async Task<X509Certificate2> AskAuthorityAsync(string controller, Fingerprint expected, CancellationToken cancellation)
    {
        using var http = Client(controller, (_, _, _, _) => true);
        var bytes = await http.GetByteArrayAsync(new Uri("/v1/authority", UriKind.Relative), cancellation);
        var found = Fingerprint.Of(bytes);
        if (found != expected)
            throw new OtherNetworkException($"The controller at {controller} has another authority ({found}) than the token ({expected})");
        return X509CertificateLoader.LoadCertificate(bytes);
    }

    private NodeRecord Keep(byte[] bytes, X509Certificate2 authority, string controller)
    {
        if (!EnrolAnswer.TryRead(bytes, out var answer))
            throw new DaemonException($"The answer of the controller at {controller} is none that this program understands: update the node, or the controller.", ExitCodes.Unavailable);
        X509Certificate2[] chain = [.. answer.Chain.Select(X509CertificateLoader.LoadCertificate)];
        try
        {
            if (!CertificateIdentity.TryRead(chain[0], out var identity) || identity!.NodeNumber != answer.Number.Value)
                throw new DaemonException($"The controller at {controller} gave node {answer.Number.Value} a certificate that is not its own: look at that controller.", ExitCodes.Unavailable);
            string[] controllers = [.. answer.Controllers.Prepend(controller).Distinct(StringComparer.Ordinal).Take(ControlLimits.MaxControllers)];
            var record = new NodeRecord(answer.Network, answer.Number, order.Role, controllers, Duration.Zero);
            folder.SaveAuthorities(chain.Length > 1 ? chain[1..] : [authority]);
            folder.SaveChain(chain);
            folder.Save(record);
            ControlLog.Enrolled(log, record.Number.Value, record.Network.ToString(), controller);
            return record;
        }
        finally
        {
            foreach (var certificate in chain)
                certificate.Dispose();
        }
    }

    private static HttpClient Client(string controller, System.Net.Security.RemoteCertificateValidationCallback trust) => new(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = trust } })
    {
        BaseAddress = new Uri($"https://{controller}"),
        MaxResponseContentBufferSize = ControlClientLimits.AnswerBytes,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>No controller could be asked: another attempt may fare better.</summary>
    private sealed class UnreachableException(string message) : Exception(message);
}
