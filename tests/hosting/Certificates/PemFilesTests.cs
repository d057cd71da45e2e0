using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Files;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Certificates;

public sealed class PemFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("wecan-test", DateTimeOffset.UtcNow, TimeSpan.FromDays(10));

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_pair_is_saved_for_its_owner_and_comes_back()
    {
        Save(CertificateIdentity.Node(17, "fra-1"), "node");

        using var pair = PemFiles.LoadPair(_folder.File("node.crt"), _folder.File("node.key"));

        Assert.True(pair.HasPrivateKey);
        Assert.Equal(AtomicFile.OwnerOnly, File.GetUnixFileMode(_folder.File("node.key")));
        Assert.Equal(AtomicFile.ReadableByAll, File.GetUnixFileMode(_folder.File("node.crt")));
        Assert.True(new CertificateVerifier(TimeProvider.System, _authority.Certificate).Verify(pair).IsTrusted);
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_one_sentence_without_its_content()
    {
        Save(CertificateIdentity.Node(17, "fra-1"), "a");
        Save(CertificateIdentity.Node(18, "fra-2"), "b");
        _folder.Write("garbage", "sesame");
        File.SetUnixFileMode(_folder.File("garbage"), AtomicFile.OwnerOnly);
        _folder.Write("open.key", File.ReadAllText(_folder.File("a.key")));
        File.SetUnixFileMode(_folder.File("open.key"), AtomicFile.ReadableByAll);

        Assert.Contains("There is no file", Told(() => PemFiles.LoadKey(_folder.File("none"))), StringComparison.Ordinal);
        Assert.Contains("holds no private key", Told(() => PemFiles.LoadKey(_folder.File("garbage"))), StringComparison.Ordinal);
        Assert.Contains("holds no certificate", Told(() => PemFiles.LoadCertificates(_folder.File("garbage"))), StringComparison.Ordinal);
        Assert.Contains("chmod 600", Told(() => PemFiles.LoadKey(_folder.File("open.key"))), StringComparison.Ordinal);
        Assert.Contains("does not belong to the certificate", Told(() => PemFiles.LoadPair(_folder.File("a.crt"), _folder.File("b.key"))), StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_comes_back_from_its_files()
    {
        using (var key = _authority.Certificate.GetECDsaPrivateKey()!)
            PemFiles.SaveKey(_folder.File("authority.key"), key);
        PemFiles.SaveCertificates(_folder.File("authority.crt"), _authority.Certificate);

        using var again = new CertificateAuthority(PemFiles.LoadPair(_folder.File("authority.crt"), _folder.File("authority.key")));

        Assert.Equal(_authority.Fingerprint, again.Fingerprint);
        Assert.Contains("is no authority's", Told(() =>
        {
            Save(CertificateIdentity.Node(17, "fra-1"), "node");
            return new CertificateAuthority(PemFiles.LoadPair(_folder.File("node.crt"), _folder.File("node.key")));
        }), StringComparison.Ordinal);
    }

    // Both sides of a connection judge by the verifier alone, as the control session will.
    [Fact]
    public async Task The_two_ends_of_a_connection_know_each_other()
    {
        Save(CertificateIdentity.Controller("eu-1"), "controller");
        Save(CertificateIdentity.Node(17, "fra-1"), "node");
        using var controller = PemFiles.LoadPair(_folder.File("controller.crt"), _folder.File("controller.key"));
        using var node = PemFiles.LoadPair(_folder.File("node.crt"), _folder.File("node.key"));
        var verifier = new CertificateVerifier(TimeProvider.System, _authority.Certificate);
        CertificateIdentity? seenByServer = null, seenByClient = null;

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var clientSocket = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync();
        await clientSocket.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var serverSocket = await accepting;
        await using var server = new SslStream(serverSocket.GetStream());
        await using var client = new SslStream(clientSocket.GetStream());
        var serving = server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = controller,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, shown, _, _) => (seenByServer = verifier.Verify(shown as X509Certificate2).Identity) is not null,
        });
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "controller",
            ClientCertificates = [node],
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, shown, _, _) => (seenByClient = verifier.Verify(shown as X509Certificate2).Identity) is not null,
        });
        await serving.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(CertificateIdentity.Node(17, "fra-1"), seenByServer);
        Assert.Equal(CertificateIdentity.Controller("eu-1"), seenByClient);
    }

    private void Save(CertificateIdentity identity, string name)
    {
        using var key = NodeKey.Create();
        using var certificate = _authority.Issue(new PublicKey(key), identity, DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        PemFiles.SaveKey(_folder.File($"{name}.key"), key);
        PemFiles.SaveCertificates(_folder.File($"{name}.crt"), certificate);
    }

    private static string Told(Func<object> act)
    {
        var message = Assert.Throws<DaemonException>(() => act()).Message;
        Assert.DoesNotContain("sesame", message, StringComparison.Ordinal);
        return message;
    }
}
