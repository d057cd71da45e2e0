using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Enrolment;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Sessions;
using WeCan.Hosting.Certificates;

namespace WeCan.Controller.Tests.Service;

/// <summary>A node as a controller sees one, over real sockets: it enrols, connects and keeps a replica.</summary>
internal sealed class TestNode : IDisposable
{
    private readonly ECDsa _tlsKey = NodeKey.Create();
    private readonly ECDsa _overlayKey = NodeKey.Create();
    private X509Certificate2? _certificate;

    public EnrolAnswer? Answer { get; private set; }

    public MembershipReplica? Replica { get; private set; }

    public SessionEnd? End { get; private set; }

    /// <summary>The newest one.</summary>
    public WelcomeMessage? Welcome { get; private set; }

    /// <summary>What it shows to controllers. A test may put another one here, which is the node's from then on.</summary>
    public X509Certificate2 Certificate
    {
        get => _certificate!;
        set
        {
            _certificate?.Dispose();
            _certificate = value;
        }
    }

    /// <summary>The key that its certificate is for.</summary>
    public ECDsa TlsKey => _tlsKey;

    /// <summary>Whom it takes for a controller: who belongs to the authorities that it was told of last.</summary>
    public RemoteCertificateValidationCallback Trust =>
        TrustIn([.. (Welcome?.Authorities ?? [.. Answer!.Chain.Skip(1)]).Select(X509CertificateLoader.LoadCertificate)]);

    /// <summary>It has known everybody once.</summary>
    public bool HasStood { get; set; }

    /// <summary>Enrols, trusting whoever shows the authority that the token names. Null when it is in, else what the controller said.</summary>
    public async Task<string?> EnrolAsync(string line, IPEndPoint controller, CancellationToken cancellation)
    {
        Assert.True(EnrolmentToken.TryParse(line, out var token, out var problem), problem);
        var authority = await AskAuthorityAsync(controller, cancellation);
        Assert.Equal(token.Authority, WeCan.Contracts.Control.Fingerprint.Of(authority.RawData));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = TrustIn(authority) } });
        using var body = new ByteArrayContent(Request(token).ToArray());
        using var response = await http.PostAsync(new Uri($"https://{controller}/v1/enrol"), body, cancellation);
        if (!response.IsSuccessStatusCode)
            return await response.Content.ReadAsStringAsync(cancellation);
        Assert.True(EnrolAnswer.TryRead(await response.Content.ReadAsByteArrayAsync(cancellation), out var answer));
        (Answer, Welcome) = (answer, null);
        using var own = X509CertificateLoader.LoadCertificate(answer.Chain[0]);
        Certificate = own.CopyWithPrivateKey(_tlsKey);
        return null;
    }

    /// <summary>Connects, and keeps its replica until the session ends or <paramref name="isEnough"/> says so after something came.</summary>
    public Task ServeAsync(IPEndPoint controller, Func<TestNode, bool> isEnough, CancellationToken cancellation) =>
        ServeAsync(Transport.WebSocket, controller, isEnough, cancellation);

    public Task ServeAsync(Transport transport, IPEndPoint controller, Func<TestNode, bool> isEnough, CancellationToken cancellation) =>
        ServeAsync(transport, controller, isEnough, mayRenew: false, cancellation);

    /// <summary>Connects, and goes when it has a new certificate for its key.</summary>
    public Task RenewAsync(IPEndPoint controller, CancellationToken cancellation)
    {
        var before = _certificate;
        return ServeAsync(Transport.WebSocket, controller, node => node._certificate != before, mayRenew: true, cancellation);
    }

    public void Dispose()
    {
        _certificate?.Dispose();
        _tlsKey.Dispose();
        _overlayKey.Dispose();
    }

    public static RemoteCertificateValidationCallback TrustIn(params X509Certificate2[] authorities)
    {
        var verifier = new CertificateVerifier(TimeProvider.System, authorities);
        return (_, certificate, _, _) => verifier.Verify(certificate as X509Certificate2) is { Identity.Role: "controller" };
    }

    private async Task ServeAsync(Transport transport, IPEndPoint controller, Func<TestNode, bool> isEnough, bool mayRenew, CancellationToken cancellation)
    {
        await using var connection = await TestConnection.OpenAsync(transport, controller, Certificate, Trust, cancellation);
        Replica ??= new(Answer!.Network, UnixTime.From(DateTimeOffset.UtcNow));
        var session = new NodeSession(new() { Role = NodeRole.Relay, Epoch = new(1) }, Replica, MonoTime.Zero);
        var buffer = new byte[8_192];
        while (true)
        {
            while (session.TryPollFrame(out var frame))
                await connection.Stream.WriteAsync(frame, cancellation);
            End = session.End;
            if (End is not null || isEnough(this))
                return;
            var count = await connection.Stream.ReadAsync(buffer, cancellation);
            if (count == 0)
                throw new EndOfStreamException("The controller ended the session without a word.");
            var before = Replica.Version;
            session.HandleBytes(MonoTime.Zero, buffer.AsSpan(0, count));
            if (Replica.Version != before)
                session.Stored(Replica.Version);
            while (session.TryTakeMessage(out var message))
                Take(message!, session, mayRenew);
        }
    }

    private void Take(ControlMessage message, NodeSession session, bool mayRenew)
    {
        if (message is WelcomeMessage welcome)
        {
            Welcome = welcome;
            if (mayRenew)
                session.Renew(SigningRequest(), PublicKey());
        }
        else if (message is CertificateMessage { Chain: var chain })
        {
            using var own = X509CertificateLoader.LoadCertificate(chain[0]);
            _certificate = own.CopyWithPrivateKey(_tlsKey);
        }
    }

    private static async Task<X509Certificate2> AskAuthorityAsync(IPEndPoint controller, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        return X509CertificateLoader.LoadCertificate(await http.GetByteArrayAsync(new Uri($"https://{controller}/v1/authority"), cancellation));
    }

    private byte[] SigningRequest() => new CertificateRequest("CN=node", _tlsKey, HashAlgorithmName.SHA256).CreateSigningRequest();

    private OverlayKey PublicKey()
    {
        var point = _overlayKey.ExportParameters(includePrivateParameters: false).Q;
        Assert.True(OverlayKey.TryRead([.. point.X!, .. point.Y!], out var key));
        return key;
    }

    private EnrolRequest Request(EnrolmentToken token)
    {
        return new()
        {
            Token = token.Id,
            Secret = token.Secret,
            Request = SigningRequest(),
            Key = PublicKey(),
            Role = NodeRole.Relay,
            Addresses = [NetAddress.FromIPv4(0x7F00_0001, 4600)],
        };
    }
}
