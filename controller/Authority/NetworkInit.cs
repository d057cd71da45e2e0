using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Store;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Authority;

/// <summary>
/// Makes a network: the authority, this controller's certificate and the store, in a folder that has none. The store comes
/// last, and without it there is no network: what a crash left half made is made anew.
/// </summary>
internal static class NetworkInit
{
    public static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3_652);

    /// <param name="folder">Where to.</param>
    /// <param name="network">The network's name.</param>
    /// <param name="controller">This controller's.</param>
    /// <param name="now">When the authority begins.</param>
    /// <param name="database">How to reach an empty PostgreSQL database that is to be the store; null for a file in the folder.</param>
    public static NetworkRow Run(DataFolder folder, string network, string controller, DateTimeOffset now, string? database = null)
    {
        if (!CertificateIdentity.IsName(network))
            throw new DaemonException($"\"{network}\" is no name for a network: write letters, digits, \"-\" and \".\", at most 64.", ExitCodes.Usage);
        if (!CertificateIdentity.IsName(controller))
            throw new DaemonException($"\"{controller}\" is no name for a controller: write letters, digits, \"-\" and \".\" into --id, at most 64.", ExitCodes.Usage);
        folder.Make();
        if (folder.HasNetwork)
            throw new DaemonException($"There is a network in {folder.Path} already: name another folder with --data, or keep what is there.", ExitCodes.Config);

        using (var authority = CertificateAuthority.Create(network, now, AuthorityLife))
        {
            using var key = authority.Certificate.GetECDsaPrivateKey()!;
            PemFiles.SaveKey(folder.AuthorityKey, key);
            PemFiles.SaveCertificates(folder.AuthorityCertificate, authority.Certificate);
            IssueOwn(folder, authority, controller, now);
        }

        var row = new NetworkRow(new(BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(NetworkId.Bytes))), network, UnixTime.From(now));
        try
        {
            if (database is not null)
            {
                using (var access = StoreAccess.OpenEmpty(new(database, "the file of --database-file")))
                    access.Store.Commit(new() { Network = row });
                StoreAccess.Name(folder, database);
                return row;
            }

            var beside = folder.Store + ".new";
            File.Delete(beside);
            using (var store = SqliteStore.Open(beside))
                store.Commit(new() { Network = row });
            File.Move(beside, folder.Store);
            return row;
        }
        catch (StoreException problem)
        {
            throw new DaemonException(problem.Message, problem.ExitCode, problem);
        }
    }

    /// <summary>
    /// Signs this controller's own certificate, for as long as the authority's: whoever could steal its key could take the
    /// authority's from the same folder.
    /// </summary>
    public static void IssueOwn(DataFolder folder, CertificateAuthority authority, string controller, DateTimeOffset now)
    {
        using var key = NodeKey.Create();
        var request = NodeKey.CreateRequest(key);
        using var own = authority.TryIssue(request, CertificateIdentity.Controller(controller), now, AuthorityLife, out var wrong)
            ?? throw new InvalidOperationException($"Our own request is not one: {wrong}.");
        PemFiles.SaveKey(folder.OwnKey, key);
        PemFiles.SaveCertificates(folder.OwnCertificate, own);
    }
}
