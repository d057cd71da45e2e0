namespace WeCan.Hosting.Metrics;

/// <summary>
/// Whether the process lives and whether it is ready for work, each null or what is wrong. Living means that every loop
/// turns; ready, that the daemon has started, is not draining, and that none of its own conditions says otherwise.
/// </summary>
internal sealed class HealthState
{
    private readonly Lock _changing = new();
    private volatile LoopPulse[] _pulses = [];
    private volatile Func<string?>[] _conditions = [];
    private volatile string? _notReady = "starting";

    /// <summary>Why the daemon as a whole is not ready.</summary>
    public string? NotReady
    {
        get => _notReady;
        set => _notReady = value;
    }

    public void Add(LoopPulse pulse)
    {
        lock (_changing)
            _pulses = [.. _pulses, pulse];
    }

    public void Add(Func<string?> condition)
    {
        lock (_changing)
            _conditions = [.. _conditions, condition];
    }

    public string? WhatHangs()
    {
        foreach (var pulse in _pulses)
        {
            var silence = pulse.Silence;
            if (silence > HostingLimits.LoopSilence)
                return $"the loop \"{pulse.Name}\" has not turned for {silence.TotalSeconds:0.0} s";
        }

        return null;
    }

    public string? WhatIsNotReady()
    {
        if (_notReady is { } reason)
            return reason;
        foreach (var condition in _conditions)
        {
            if (condition() is { } missing)
                return missing;
        }

        return WhatHangs();
    }
}
