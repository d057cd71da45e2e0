using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Certificates;

namespace WeCan.Controller.Service;

/// <summary>
/// Asks the controllers of the network who leads, where the database cannot be asked. What is answered counts only over TLS from who shows
/// a controller's certificate of the same authority. The addresses are those of all controllers, and what this one answers itself says nothing:
/// it is the word that is in doubt.
/// </summary>
internal sealed class OtherControllers(string own, IReadOnlyList<string> addresses, CertificateVerifier verifier)
{
    public const string Question = "/v1/leader";

    /// <summary>The name of another one that leads; null where nobody says so in time.</summary>
    public async Task<string?> LeaderAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ServiceLimits.LeaderAnswer);
        var answers = await Task.WhenAll(addresses.Select(address => AskAsync(address, limit.Token)));
        return Array.Find(answers, answer => answer is not null && answer != own);
    }

    private async Task<string?> AskAsync(string address, CancellationToken cancellation)
    {
        RemoteCertificateValidationCallback trust = (_, shown, _, _) => verifier.Verify(shown as X509Certificate2) is { Identity.Role: "controller" };
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = trust } })
        {
            BaseAddress = new Uri($"https://{address}"),
            MaxResponseContentBufferSize = ServiceLimits.RequestBytes,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        try
        {
            using var answer = await http.GetAsync(Question, cancellation);
            var name = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode && name.Length > 0 && !name.Any(char.IsControl) ? name : null;
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
