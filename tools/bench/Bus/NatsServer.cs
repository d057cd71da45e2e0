using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WeCan.Bench.Shipped;
using WeCan.Programs;

namespace WeCan.Bench.Bus;

/// <summary>A nats-server with its defaults on a port of the loopback, in the clear or with a certificate that was made for it.</summary>
internal sealed class NatsServer : IDisposable
{
    private const string Program = "nats-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("wecan-nats-").FullName;
    private readonly RunningProgram _process;

    public NatsServer(bool isSealed)
    {
        IsSealed = isSealed;
        string[] words = [Find(), "--addr", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture)];
        _process = RunningProgram.Start(isSealed ? [.. words, .. MakeCertificate()] : words);
        _process.LineAsync("Server is ready", BusLimits.AnswerBound).GetAwaiter().GetResult();
    }

    public int Port { get; } = FreePort.Take();

    public bool IsSealed { get; }

    public double ProcessorSeconds => _process.Figures().Processor.TotalSeconds;

    /// <summary>Where this machine has it; one sentence where it has none.</summary>
    public static string Find()
    {
        // Debian puts it where root's own path looks, which not everybody's does.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Append("/usr/sbin").Append("/usr/bin");
        return folders.Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists)
            ?? throw new BusBenchException("The bus is held against nats-server, which is missing: run 'apt-get install nats-server'.");
    }

    public void Dispose()
    {
        _process.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    private string[] MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificateFile, keyFile) = (Path.Combine(_folder, "certificate.pem"), Path.Combine(_folder, "key.pem"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return ["--tls", "--tlscert", certificateFile, "--tlskey", keyFile];
    }
}
