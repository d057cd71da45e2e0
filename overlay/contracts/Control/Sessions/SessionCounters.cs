namespace WeCan.Contracts.Control.Sessions;

/// <summary>What one side of a session counted.</summary>
public sealed class SessionCounters
{
    public long FramesIn { get; internal set; }

    public long FramesOut { get; internal set; }

    public long BytesIn { get; internal set; }

    public long BytesOut { get; internal set; }

    /// <summary>Frames of a kind that this version does not know.</summary>
    public long Unknown { get; internal set; }

    /// <summary>Snapshots that were asked for, as something did not follow from what was held.</summary>
    public long Resyncs { get; private set; }

    public void CountResync() => Resyncs++;
}
