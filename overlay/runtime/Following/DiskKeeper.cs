using WeCan.Hosting.Daemon;

namespace WeCan.Runtime.Following;

/// <summary>
/// Keeps a replica on the node's disk: soon after it changed, and no more often than an interval allows, as the whole is written
/// each time. A disk that fails is told once, and again when it works. Under the client's lock.
/// </summary>
/// <param name="stored">What the disk has already.</param>
/// <param name="interval">Between two writes.</param>
/// <param name="save">Writes the replica; throws a <see cref="DaemonException"/> where the disk takes it not.</param>
/// <param name="failing">Told why the disk does not take it.</param>
/// <param name="working">Told when it does again.</param>
/// <param name="time">For the interval.</param>
internal sealed class DiskKeeper<TVersion>(TVersion stored, TimeSpan interval, Action save, Action<string> failing, Action working, TimeProvider time)
    where TVersion : struct, IEquatable<TVersion>
{
    private long _savedAt;
    private bool _isFailing;

    /// <summary>The newest version that is on the disk.</summary>
    public TVersion Stored { get; private set; } = stored;

    /// <summary>True when the disk has a newer version than before, of which the controller is to be told.</summary>
    public bool TryKeep(TVersion version)
    {
        if (version.Equals(Stored) || (_savedAt != 0 && time.GetElapsedTime(_savedAt) < interval))
            return false;
        _savedAt = time.GetTimestamp();
        try
        {
            save();
        }
        catch (DaemonException failure)
        {
            if (!_isFailing)
                failing(failure.Message);
            _isFailing = true;
            return false;
        }

        if (_isFailing)
            working();
        _isFailing = false;
        Stored = version;
        return true;
    }
}
