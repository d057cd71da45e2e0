namespace WeCan.Protocol.Transport;

/// <summary>
/// How many packets may be copied to another route: <see cref="PathLimits.CopiesAtMost"/> a step. A message is copied whole, as half of it serves
/// nobody, and what it takes beyond a step is taken from the steps that follow: so the largest messages are copied too, if more rarely.
/// </summary>
internal struct CopyBudget
{
    private int _left;

    /// <summary>Whether a message of so many packets may be copied, which then is paid for.</summary>
    public bool TryTake(int packets)
    {
        if (_left <= 0)
            return false;
        _left -= packets;
        return true;
    }

    /// <summary>One step passes.</summary>
    public void Refill() => _left = Math.Min(PathLimits.CopiesAtMost, _left + PathLimits.CopiesAtMost);
}
