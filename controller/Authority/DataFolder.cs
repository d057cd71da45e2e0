using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Authority;

/// <summary>Where a controller keeps what outlives it: the authority with its key, its own certificate, and the store.</summary>
internal sealed record DataFolder(string Path)
{
    public string Store => In("state.db");

    public string AdminSocket => In("admin.sock");

    public string AuthorityCertificate => In("authority.pem");

    public string AuthorityKey => In("authority.key");

    public string OwnCertificate => In("controller.pem");

    public string OwnKey => In("controller.key");

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

    public CertificateAuthority LoadAuthority()
    {
        if (!File.Exists(AuthorityCertificate) || !File.Exists(Store))
            throw new DaemonException($"There is no network in {Path}: make one with \"wecan-controller init --name NETWORK\", or name the right folder with --data.", ExitCodes.Config);
        return new(PemFiles.LoadPair(AuthorityCertificate, AuthorityKey));
    }

    public X509Certificate2 LoadOwn() => PemFiles.LoadPair(OwnCertificate, OwnKey);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
