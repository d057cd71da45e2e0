namespace WeCan.Protocol.Transport;

/// <summary>
/// The silences of one destination. Any news ends a silence, but the timeout that it doubled stays so until something
/// arrives that was first sent after it, as RFC 6298 and RFC 8961 ask: what was sent before and again tells no round trip, and
/// with the short timeout the next silence would begin before one is known.
/// </summary>
internal struct MulticastSilence
{
    private ulong _sentBefore;

    /// <summary>Timeouts in a row without any news.</summary>
    public int Count { get; private set; }

    /// <summary>How often the timeout is doubled.</summary>
    public int Backoff { get; private set; }

    public void OnTimeout(ulong sendEnd)
    {
        Count++;
        Backoff++;
        _sentBefore = sendEnd;
    }

    /// <summary>The destination has something of what lies before <paramref name="reached"/> that it had not.</summary>
    public void OnNews(ulong reached)
    {
        Count = 0;
        if (reached > _sentBefore)
            Backoff = 0;
    }
}
