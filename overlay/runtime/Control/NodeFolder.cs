using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WeCan.Contracts.Control.Sessions;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;
using WeCan.Protocol.Crypto;

namespace WeCan.Runtime.Control;

/// <summary>
/// A node's disk: all that outlives its process, in a folder for its owner alone, held by one process at a time. Two keys that
/// are made here and never leave, the certificate with the authorities', who the node is, and the membership as it was last
/// known, so that it starts without any controller. Each file is replaced whole. The file that says who the node is comes
/// last when it is let in: without it the node was not, and asks again with the same keys.
/// </summary>
public sealed class NodeFolder : IDisposable
{
    private const int WouldBlock = 11;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private NodeFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Where the node's last boot epoch stands.</summary>
    public string EpochFile => In("epoch");

    /// <summary>Where the node's routes stand.</summary>
    public string RoutesFile => In("routes");

    /// <summary>Where an edge's keys of clients' tokens stand.</summary>
    public string AccessFile => In("access");

    public bool IsEnrolled => File.Exists(RecordPath);

    private string RecordPath => In("node.json");

    private string TlsKeyPath => In("tls.key");

    private string ChainPath => In("tls.pem");

    private string OverlayKeyPath => In("overlay.key");

    private string AuthoritiesPath => In("authority.pem");

    private string MembershipPath => In("membership");

    /// <summary>Makes the folder where there is none, and holds it until it is disposed.</summary>
    public static NodeFolder Open(string path)
    {
        try
        {
            Make(path);
            return new(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new DaemonException($"{Environment.UserName} may not keep a node's state in {path}: make that user its owner, or name another folder at \"data\".", ExitCodes.NoPermission, failure);
        }
        catch (IOException failure) when (failure.HResult == WouldBlock)
        {
            throw new DaemonException($"The folder {path} is in use by another process: stop that one, or name another folder at \"data\".", ExitCodes.Unavailable, failure);
        }
    }

    public NodeRecord LoadRecord() => NodeRecordFile.Load(RecordPath);

    public void Save(NodeRecord record) => NodeRecordFile.Save(RecordPath, record);

    /// <summary>The key by which this node speaks to controllers; made, and on the disk, if there was none. The caller disposes it.</summary>
    public ECDsa TlsKey() => LoadOrMake(TlsKeyPath);

    /// <summary>The key by which it speaks to nodes. The caller disposes it.</summary>
    public P256KeyPair OverlayKey()
    {
        using var key = LoadOrMake(OverlayKeyPath);
        var bytes = key.ExportPkcs8PrivateKey();
        try
        {
            return P256KeyPair.TryFromPkcs8(bytes, out var pair) ? pair : throw new DaemonException($"{OverlayKeyPath} holds no private key of P-256: restore it, or empty the folder and enrol again.", ExitCodes.Io);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The node's certificate with its key, for TLS.</summary>
    public X509Certificate2 LoadCertificate() => PemFiles.LoadPair(ChainPath, TlsKeyPath);

    public void SaveChain(IEnumerable<X509Certificate2> chain) => PemFiles.SaveCertificates(ChainPath, chain);

    public X509Certificate2[] LoadAuthorities() => PemFiles.LoadCertificates(AuthoritiesPath);

    public void SaveAuthorities(IEnumerable<X509Certificate2> authorities) => PemFiles.SaveCertificates(AuthoritiesPath, authorities);

    public void Save(MembershipReplica replica) => MembershipFile.Save(MembershipPath, replica);

    /// <summary>
    /// Fills a new replica with what the disk has. A file that is damaged is set aside, and the membership is asked for anew:
    /// then false, as where there is none.
    /// </summary>
    public bool TryLoad(MembershipReplica replica, ILogger log)
    {
        try
        {
            return MembershipFile.TryLoad(MembershipPath, replica);
        }
        catch (Exception damage) when (damage is IOException or InvalidDataException)
        {
            var aside = MembershipPath + ".damaged";
            File.Move(MembershipPath, aside, overwrite: true);
            ControlLog.MembershipSetAside(log, MembershipPath, aside, damage.Message);
            return false;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        if (File.GetUnixFileMode(path) != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
    }

    private static ECDsa LoadOrMake(string path)
    {
        if (File.Exists(path))
            return PemFiles.LoadKey(path);
        var key = NodeKey.Create();
        PemFiles.SaveKey(path, key);
        return key;
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
