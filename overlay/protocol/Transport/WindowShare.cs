namespace WeCan.Protocol.Transport;

/// <summary>
/// What one flow has on the way in its route's window. What was silent for a timeout is written off: it is on the way no
/// more, whatever became of it, and a flow whose destination takes nothing holds up no other.
/// </summary>
internal struct WindowShare
{
    private int _told;
    private int _writtenOff;

    public void WriteOff(int inFlight) => _writtenOff = inFlight;

    /// <summary>Of what is known to have arrived, what was written off comes first.</summary>
    public void OnReceived(int count) => _writtenOff = Math.Max(0, _writtenOff - count);

    public void Tell(PathWindow window, int inFlight)
    {
        _writtenOff = Math.Min(_writtenOff, inFlight);
        window.Recount(ref _told, inFlight - _writtenOff);
    }
}
