namespace WeCan.Controller.Backup;

/// <summary>Bounds of a backup.</summary>
internal static class BackupLimits
{
    /// <summary>A backup is read whole into memory, and is no larger.</summary>
    public const int FileBytes = 1 << 30;

    /// <summary>Files that a backup can hold.</summary>
    public const int Entries = 8;

    public const int SaltBytes = 16;

    public const int NonceBytes = 12;

    public const int TagBytes = 16;

    /// <summary>Rounds of PBKDF2 with SHA-256 in a backup that is written today; each backup says its own.</summary>
    public const int PassphraseRounds = 600_000;

    /// <summary>The most rounds that a backup may ask of who reads it.</summary>
    public const int MaxPassphraseRounds = 10_000_000;

    /// <summary>A passphrase has at least so many letters.</summary>
    public const int LeastPassphrase = 12;
}
