using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WeCan.Controller.Backup;

/// <summary>
/// Seals a backup under a passphrase, and opens it. The layout, numbers big-endian:
/// <code>
/// 0            8         12       28        40
/// +------------+---------+--------+---------+-------------------------+---------+
/// | "WECANBK1" | rounds  | salt   | nonce   | the archive, AES-256-GCM| tag (16)|
/// +------------+---------+--------+---------+-------------------------+---------+
/// </code>
/// The key is PBKDF2 with SHA-256 over the passphrase; what stands before the archive is authenticated with it.
/// </summary>
internal static class BackupSeal
{
    private const int RoundsAt = 8;
    private const int SaltAt = RoundsAt + 4;
    private const int NonceAt = SaltAt + BackupLimits.SaltBytes;
    private const int ArchiveAt = NonceAt + BackupLimits.NonceBytes;
    private const int KeyBytes = 32;

    private static ReadOnlySpan<byte> Magic => "WECANBK1"u8;

    public static bool IsSealed(ReadOnlySpan<byte> file) => file.StartsWith(Magic);

    public static byte[] Seal(ReadOnlySpan<byte> archive, string passphrase)
    {
        var file = new byte[ArchiveAt + archive.Length + BackupLimits.TagBytes];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(RoundsAt), BackupLimits.PassphraseRounds);
        RandomNumberGenerator.Fill(file.AsSpan(SaltAt, BackupLimits.SaltBytes + BackupLimits.NonceBytes));
        using var gcm = new AesGcm(KeyOf(passphrase, file), BackupLimits.TagBytes);
        gcm.Encrypt(file.AsSpan(NonceAt, BackupLimits.NonceBytes), archive, file.AsSpan(ArchiveAt, archive.Length), file.AsSpan(^BackupLimits.TagBytes..), file.AsSpan(0, NonceAt));
        return file;
    }

    /// <summary>The archive, or null where the passphrase is another one or the file is damaged.</summary>
    public static byte[]? TryOpen(ReadOnlySpan<byte> file, string passphrase)
    {
        if (!IsSealed(file) || file.Length < ArchiveAt + BackupLimits.TagBytes || BinaryPrimitives.ReadInt32BigEndian(file[RoundsAt..]) is < 1 or > BackupLimits.MaxPassphraseRounds)
            return null;
        var archive = new byte[file.Length - ArchiveAt - BackupLimits.TagBytes];
        using var gcm = new AesGcm(KeyOf(passphrase, file), BackupLimits.TagBytes);
        try
        {
            gcm.Decrypt(file.Slice(NonceAt, BackupLimits.NonceBytes), file.Slice(ArchiveAt, archive.Length), file[^BackupLimits.TagBytes..], archive, file[..NonceAt]);
            return archive;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] KeyOf(string passphrase, ReadOnlySpan<byte> file) =>
        Rfc2898DeriveBytes.Pbkdf2(passphrase, file.Slice(SaltAt, BackupLimits.SaltBytes), BinaryPrimitives.ReadInt32BigEndian(file[RoundsAt..]), HashAlgorithmName.SHA256, KeyBytes);
}
