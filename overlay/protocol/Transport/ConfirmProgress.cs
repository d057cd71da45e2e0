using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>What one CONFIRM brought to its flow.</summary>
internal struct ConfirmProgress
{
    /// <summary>Segments that were not known to be received before.</summary>
    public int Received;

    /// <summary>Segments let go.</summary>
    public int Confirmed;

    /// <summary>Messages whose last segment was let go.</summary>
    public uint Messages;

    /// <summary>When the newest of the received segments that were sent once was sent; a time below zero when there was none.</summary>
    public MonoTime LatestSentOnce;
}
