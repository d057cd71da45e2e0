using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Store;

/// <summary>The store is corrupt, of another version, or cannot be written: the message says which file, and what to do.</summary>
internal sealed class StoreException : Exception
{
    public StoreException()
    {
    }

    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>Another process has the store open.</summary>
    public bool IsInUse { get; init; }

    /// <summary>Another controller leads since: nothing more of this one is taken.</summary>
    public bool IsFenced { get; init; }

    /// <summary>The lease that counts no more, where this is fenced.</summary>
    public long Lease { get; init; }

    /// <summary>The store has not answered: what it was told it may have done, or not.</summary>
    public bool IsSilence { get; init; }

    /// <summary>What an operator wrote is wrong: it fails again and again until that is corrected.</summary>
    public bool IsConfiguration { get; init; }

    /// <summary>The same for who has asked for a change.</summary>
    public StoreException OfChange => IsSilence ? new($"{Message.TrimEnd('.')}, and only then shows whether this change was made.", this) : this;

    /// <summary>What a program ends with that cannot go on for it.</summary>
    public int ExitCode => IsInUse ? ExitCodes.Unavailable : IsConfiguration ? ExitCodes.Config : ExitCodes.Io;
}
