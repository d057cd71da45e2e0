using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Files;

namespace WeCan.Hosting.Certificates;

/// <summary>
/// Certificates and keys in files. Keys are written for their owner alone, and refused when everybody may read them;
/// certificates are no secret. What is wrong with a file is a <see cref="DaemonException"/> of one sentence.
/// </summary>
public static class PemFiles
{
    public static void SaveKey(string path, ECDsa key)
    {
        var pem = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n");
        AtomicFile.Write(path, pem);
        CryptographicOperations.ZeroMemory(pem);
    }

    public static void SaveCertificates(string path, params IEnumerable<X509Certificate2> certificates) =>
        AtomicFile.Write(path, Encoding.ASCII.GetBytes(string.Concat(certificates.Select(certificate => certificate.ExportCertificatePem() + "\n"))), AtomicFile.ReadableByAll);

    public static ECDsa LoadKey(string path)
    {
        var text = Read(path, isKey: true);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            if (NodeKey.IsP256(key) && HasPrivatePart(key))
                return key;
        }
        catch (Exception failure) when (failure is ArgumentException or CryptographicException)
        {
            // Told below, without what the file holds.
        }

        key.Dispose();
        throw new DaemonException($"{path} holds no private key of P-256 in PEM: restore it, or remove it and enrol again.", ExitCodes.Io);
    }

    /// <summary>All certificates of a file, at least one.</summary>
    public static X509Certificate2[] LoadCertificates(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Read(path, isKey: false));
        }
        catch (CryptographicException)
        {
            // Told below.
        }

        return certificates.Count > 0
            ? [.. certificates]
            : throw new DaemonException($"{path} holds no certificate in PEM: restore it, or remove it and enrol again.", ExitCodes.Io);
    }

    /// <summary>A certificate together with its key, for TLS. The two must belong to each other.</summary>
    public static X509Certificate2 LoadPair(string certificatePath, string keyPath)
    {
        var certificates = LoadCertificates(certificatePath);
        using var key = LoadKey(keyPath);
        try
        {
            return certificates[0].CopyWithPrivateKey(key);
        }
        catch (ArgumentException)
        {
            throw new DaemonException($"The key in {keyPath} does not belong to the certificate in {certificatePath}: restore the pair from one back-up, or remove both and enrol again.", ExitCodes.Io);
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }

    private static string Read(string path, bool isKey)
    {
        try
        {
            if (isKey && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
                throw new DaemonException($"{path} is a private key that everybody on this machine may read or write: run `chmod 600 {path}`, and replace the key if others have been here.", ExitCodes.NoPermission);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[HostingLimits.PemFileBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= HostingLimits.PemFileBytes
                ? Encoding.UTF8.GetString(bytes, 0, length)
                : throw new DaemonException($"{path} is larger than any certificate or key: is it the right file?", ExitCodes.Io);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DaemonException($"There is no file {path}: enrol first, or correct the path.", ExitCodes.Io, failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new DaemonException($"{Environment.UserName} may not read {path}: make that user its owner.", ExitCodes.NoPermission, failure);
        }
        catch (IOException failure)
        {
            throw new DaemonException($"{path} cannot be read: {failure.Message}", ExitCodes.Io, failure);
        }
    }

    private static bool HasPrivatePart(ECDsa key)
    {
        try
        {
            var parameters = key.ExportParameters(includePrivateParameters: true);
            CryptographicOperations.ZeroMemory(parameters.D);
            return parameters.D is { Length: > 0 };
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
