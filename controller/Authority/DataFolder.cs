using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Authority;

/// <summary>Where a controller keeps what outlives it: the authority with its key, its own certificate, and the store.</summary>
internal sealed record DataFolder(string Path)
{
    public string Store => In("state.db");

    /// <summary>Where the store is a database that controllers share: how to reach it. Then there is no <see cref="Store"/>.</summary>
    public string Database => In("database");

    public bool IsShared => File.Exists(Database);

    public bool HasNetwork => File.Exists(Store) || IsShared;

    /// <summary>What was measured: this controller's own, and in no backup.</summary>
    public string History => In("history");

    public string AdminSocket => In("admin.sock");

    public string AuthorityCertificate => In("authority.pem");

    public string AuthorityKey => In("authority.key");

    /// <summary>The authority that signed before, while what it signed still counts.</summary>
    public string OutgoingCertificate => In("authority.outgoing.pem");

    /// <summary>An authority that is being made, until it has its place.</summary>
    public string NextAuthorityCertificate => In("authority.next.pem");

    public string NextAuthorityKey => In("authority.next.key");

    public string OwnCertificate => In("controller.pem");

    public string OwnKey => In("controller.key");

    /// <summary>The certificates and keys that a backup holds.</summary>
    public IReadOnlyList<string> Pems => [AuthorityCertificate, AuthorityKey, OutgoingCertificate, OwnCertificate, OwnKey];

    /// <summary>Makes the folder, for its owner alone, where there is none.</summary>
    public void Make()
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(Path);
            else
                Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DaemonException($"The folder {Path} cannot be made: {failure.Message} Name another with --data, or make it and give it to this user.", ExitCodes.NoPermission, failure);
        }
    }

    public void RequireNetwork()
    {
        RequireReadable();
        if (!File.Exists(AuthorityCertificate) || !HasNetwork)
            throw new DaemonException($"There is no network in {Path}: make one with \"wecan-controller init --name NETWORK\", or name the right folder with --data.", ExitCodes.Config);
    }

    /// <summary>What one may not look at is not missing.</summary>
    private void RequireReadable()
    {
        try
        {
            if (Directory.Exists(Path))
                _ = Directory.EnumerateFileSystemEntries(Path).Any();
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new DaemonException($"{Environment.UserName} may not look into {Path}: use the user that the controller runs as, or sudo.", ExitCodes.NoPermission, failure);
        }
    }

    public CertificateAuthority LoadAuthority() => new(PemFiles.LoadPair(AuthorityCertificate, AuthorityKey));

    public X509Certificate2? LoadOutgoing() => File.Exists(OutgoingCertificate) ? PemFiles.LoadCertificates(OutgoingCertificate)[0] : null;

    public X509Certificate2 LoadOwn() => PemFiles.LoadPair(OwnCertificate, OwnKey);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
