using System.Net.Security;

namespace WeCan.MessageBus;

/// <summary>How a <see cref="Bus"/> finds its edge and is let in.</summary>
public sealed record BusOptions
{
    /// <summary>The edge to connect to.</summary>
    public required EdgeAddress Edge { get; init; }

    /// <summary>A JSON Web Token that the network's keys have signed: who this client is, and what it may publish and subscribe.</summary>
    public required string Token { get; init; }

    /// <summary>
    /// The same edge's address for a WebSocket, as in <c>wss://edge.example/bus</c>: tried where UDP does not come through, at first and at any time later. The
    /// application does not notice which access it is on.
    /// </summary>
    public Uri? Web { get; init; }

    /// <summary>Judges the certificate that is shown at <see cref="Web"/>; null for what the system trusts.</summary>
    public RemoteCertificateValidationCallback? WebCertificate { get; init; }

    /// <summary>Bytes of messages that are published and not confirmed, those that wait for a connection included; from then on publishers wait.</summary>
    public long MaxUnconfirmedBytes { get; init; } = 8L << 20;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Edge);
        ArgumentException.ThrowIfNullOrEmpty(Token);
        if (Web is not null && (!Web.IsAbsoluteUri || Web.Scheme != Uri.UriSchemeWss || Web.Query.Length > 0 || Web.UserInfo.Length > 0))
            throw new ArgumentException($"\"{Web}\" is no address of a WebSocket on TLS: write wss://HOST:PORT/bus, and the token in {nameof(Token)}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUnconfirmedBytes, 1 << 20);
    }
}
