namespace WeCan.Hosting.Notify;

/// <summary>
/// Gives systemd its sign of life every half of the interval that it asks for, and only while the daemon's loops prove that
/// they turn: a process whose timers run while its loop hangs is killed and started anew, which is what a watchdog is for.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private readonly ServiceNotifier _notifier;
    private readonly Func<string?> _whatHangs;
    private readonly Action<string> _onSilence;
    private readonly ITimer? _timer;
    private readonly TimeSpan _half;
    private bool _isSilent;

    /// <param name="notifier">Where signs of life go.</param>
    /// <param name="time">The clock that the half intervals are measured by.</param>
    /// <param name="whatHangs">What does not turn, in words, or null while all is well.</param>
    /// <param name="onSilence">Told once when the signs of life stop.</param>
    public Watchdog(ServiceNotifier notifier, TimeProvider time, Func<string?> whatHangs, Action<string> onSilence)
    {
        (_notifier, _whatHangs, _onSilence) = (notifier, whatHangs, onSilence);
        if (notifier.WatchdogInterval <= TimeSpan.Zero)
            return;
        _half = notifier.WatchdogInterval / 2;
        _timer = time.CreateTimer(_ => Beat(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer?.Dispose();

    private void Beat()
    {
        if (_whatHangs() is not { } hangs)
        {
            _isSilent = false;
            _notifier.Alive();
            _timer!.Change(_half, Timeout.InfiniteTimeSpan);
            return;
        }

        if (!_isSilent)
            _onSilence(hangs);
        _isSilent = true;

        // A loop that comes back after one missed sign must not be killed for it, so the next look is soon.
        _timer!.Change(_half / 8, Timeout.InfiniteTimeSpan);
    }
}
