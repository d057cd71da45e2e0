namespace WeCan.Protocol.Transport;

/// <summary>
/// Where a destination that was taken out of a multicast flow stands, as far as its origin knows: what it was sent and did not
/// confirm it may have or not, and nobody sends it again. So when it is taken in again it must be told where to go on.
/// </summary>
internal struct MulticastBreak
{
    private bool _isInMessage;

    /// <summary>The destination may stand before <see cref="At"/>, or there with a message that has no end.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>All that the destination may have been sent lies before.</summary>
    public ulong At { get; private set; }

    /// <summary>
    /// Breaks off what the destination in a slot has not confirmed, from <paramref name="firstOpen"/> on, of which it was sent what lies before
    /// <paramref name="sentEnd"/>. Where nothing was, and no message is cut in two, the chain of priors is whole, as it was before.
    /// </summary>
    public void BreakOff(MulticastWindow window, int slot, ulong firstOpen, ulong sentEnd)
    {
        if (!window[firstOpen].Part.Begins)
            (IsOpen, _isInMessage, At) = (true, true, firstOpen);
        for (var sequence = firstOpen; sequence < sentEnd; sequence++)
        {
            if (window.IsFor(sequence, slot))
                (IsOpen, _isInMessage, At) = (true, !window[sequence].Part.Ends, sequence + 1);
        }
    }

    /// <summary>The destination says where it stands.</summary>
    public void OnConfirmed(ulong next) => IsOpen &= next < At || (next == At && _isInMessage);
}
