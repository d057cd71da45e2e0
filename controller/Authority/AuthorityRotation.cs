using System.Security.Cryptography.X509Certificates;
using WeCan.Controller.Store;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;
using Fingerprint = WeCan.Contracts.Control.Fingerprint;

namespace WeCan.Controller.Authority;

/// <summary>
/// Changes a network's authority, in a folder whose controller is stopped; the network goes on without it meanwhile. A new
/// authority is written beside the old one, and counts once its key has the old one's place: what a crash leaves before that
/// is nothing, and after it <see cref="Finish"/> does the rest.
/// </summary>
internal static class AuthorityRotation
{
    /// <summary>From here on a new authority signs. What the old one signed counts until <see cref="Retire"/>.</summary>
    public static void Rotate(DataFolder folder, TimeProvider time)
    {
        using var store = OpenStore(folder);
        Finish(folder);
        if (File.Exists(folder.OutgoingCertificate))
            throw new DaemonException("A rotation is under way already: end it with \"wecan-controller authority retire\" before another one begins.", ExitCodes.Usage);
        Prepare(folder, NetworkOf(store, folder), time);
        using (var old = folder.LoadAuthority())
            PemFiles.SaveCertificates(folder.OutgoingCertificate, old.Certificate);
        Switch(folder);
    }

    /// <summary>What the outgoing authority signed counts no more. Refused while members would be lost by it, unless forced.</summary>
    public static int Retire(DataFolder folder, bool isForced, TimeProvider time)
    {
        using var store = OpenStore(folder);
        Finish(folder);
        if (!File.Exists(folder.OutgoingCertificate))
            throw new DaemonException("There is no outgoing authority: \"wecan-controller authority rotate\" begins a rotation.", ExitCodes.Usage);
        using (var signing = folder.LoadAuthority())
        {
            var issuer = Fingerprint.Of(signing.Certificate.RawData);
            var behind = store.Store.Load().Members.Values.Where(row => row.Issuer != issuer).Select(row => row.Member.Number.Value).ToList();
            if (behind.Count > 0 && !isForced)
            {
                throw new DaemonException(
                    $"{behind.Count} members still have a certificate of the outgoing authority ({string.Join(", ", behind.Take(8))}{(behind.Count > 8 ? ", …" : "")}): wait until they have connected and renewed it, revoke them, or write --force and enrol them anew.",
                    ExitCodes.TemporarilyNot);
            }
        }

        File.Delete(folder.OutgoingCertificate);
        using var authority = NetworkAuthority.Open(folder, time);
        return store.Store.Load().Members.Count;
    }

    /// <summary>
    /// A new authority, and nothing that the old one signed counts any more: for a key that was lost, or that somebody else may
    /// have. Every node has to be enrolled anew; it keeps its number.
    /// </summary>
    public static int Replace(DataFolder folder, TimeProvider time)
    {
        using var store = OpenStore(folder);
        Finish(folder);
        Prepare(folder, NetworkOf(store, folder), time);
        Switch(folder);
        File.Delete(folder.OutgoingCertificate);
        using var authority = NetworkAuthority.Open(folder, time);
        return store.Store.Load().Members.Count;
    }

    /// <summary>
    /// Ends what a crash cut off: with the new key in its place, the new certificate follows; a new pair whose key is not in
    /// place was never the authority.
    /// </summary>
    public static void Finish(DataFolder folder)
    {
        if (File.Exists(folder.NextAuthorityKey))
        {
            File.Delete(folder.NextAuthorityCertificate);
            File.Delete(folder.NextAuthorityKey);
            if (File.Exists(folder.OutgoingCertificate) && IsSame(folder.OutgoingCertificate, folder.AuthorityCertificate))
                File.Delete(folder.OutgoingCertificate);
        }
        else if (File.Exists(folder.NextAuthorityCertificate))
        {
            File.Move(folder.NextAuthorityCertificate, folder.AuthorityCertificate, overwrite: true);
        }
    }

    private static void Prepare(DataFolder folder, string network, TimeProvider time)
    {
        using var next = CertificateAuthority.Create(network, time.GetUtcNow(), NetworkInit.AuthorityLife);
        using var key = next.Certificate.GetECDsaPrivateKey()!;
        PemFiles.SaveKey(folder.NextAuthorityKey, key);
        PemFiles.SaveCertificates(folder.NextAuthorityCertificate, next.Certificate);
    }

    // The key is written first and moved first: a new certificate without a key beside it tells Finish that the key is in place.
    private static void Switch(DataFolder folder)
    {
        File.Move(folder.NextAuthorityKey, folder.AuthorityKey, overwrite: true);
        File.Move(folder.NextAuthorityCertificate, folder.AuthorityCertificate, overwrite: true);
    }

    private static StoreAccess OpenStore(DataFolder folder)
    {
        folder.RequireNetwork();
        try
        {
            return StoreAccess.Open(folder);
        }
        catch (StoreException busy) when (busy.IsInUse)
        {
            throw new DaemonException("The controller runs: stop it for this, and start it again afterwards. The network goes on without it.", ExitCodes.TemporarilyNot, busy);
        }
        catch (StoreException problem)
        {
            throw new DaemonException(problem.Message, problem.ExitCode, problem);
        }
    }

    private static string NetworkOf(StoreAccess store, DataFolder folder) =>
        store.Store.Load().Network?.Name ?? throw new DaemonException($"The store {folder.Store} holds no network: put a backup in its place.", ExitCodes.Io);

    private static bool IsSame(string one, string other) => File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));
}
