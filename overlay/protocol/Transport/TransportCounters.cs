namespace WeCan.Protocol.Transport;

/// <summary>
/// What one transport layer has done since it was made. Written by the layer alone, on its driving thread; a reader on
/// that thread sees exact numbers.
/// </summary>
public sealed class TransportCounters
{
    private readonly long[] _drops = new long[(int)TransportDrop.SealingBudget + 1];

    public long PacketsReceived { get; internal set; }

    public long PacketsSent { get; internal set; }

    /// <summary>Segments sent for the first time, Signal and Bulk.</summary>
    public long SegmentsSent { get; internal set; }

    public long SegmentsRetransmitted { get; internal set; }

    public long SegmentsConfirmed { get; internal set; }

    /// <summary>Payload bytes of segments and fragments, first transmissions only.</summary>
    public long BytesSent { get; internal set; }

    public long BytesRetransmitted { get; internal set; }

    public long RetransmissionTimeouts { get; internal set; }

    /// <summary>How often the window of a route was made smaller.</summary>
    public long WindowCuts { get; internal set; }

    /// <summary>Realtime packets, each once over however many routes and to however many sets of edges it went.</summary>
    public long FragmentsSent { get; internal set; }

    /// <summary>Fragments sent over one more path.</summary>
    public long CopiesSent { get; internal set; }

    public long ReportsSent { get; internal set; }

    public long ReportsReceived { get; internal set; }

    /// <summary>How often another route was tried beside the one that flows take.</summary>
    public long PathTrials { get; internal set; }

    /// <summary>How often the Realtime flows to a node went over to another route.</summary>
    public long PathMoves { get; internal set; }

    /// <summary>How often copies of them began to go over a second route, as the one that they take lost more in a row than its hops repair.</summary>
    public long PathGuards { get; internal set; }

    public long ConfirmsSent { get; internal set; }

    public long ResetsSent { get; internal set; }

    public long MessagesAccepted { get; internal set; }

    public long MessagesConfirmed { get; internal set; }

    /// <summary>Messages handed to the application.</summary>
    public long MessagesDelivered { get; internal set; }

    public long BytesDelivered { get; internal set; }

    public long FlowsBroken { get; internal set; }

    /// <summary>Packets sent to a set of edges, of every class: one for each set, and for Signal and Bulk what was repaired so.</summary>
    public long MulticastCopies { get; internal set; }

    /// <summary>Packets of multicast flows sent to one destination: repairs, and what those get that are behind.</summary>
    public long MulticastDirects { get; internal set; }

    /// <summary>How often a destination fell behind its multicast flow.</summary>
    public long MulticastLeaves { get; internal set; }

    public long DestinationsLost { get; internal set; }

    /// <summary>Sealed sessions with other edges that came about, rekeying included.</summary>
    public long SealingSessions { get; internal set; }

    public long PacketsSealed { get; internal set; }

    public long PacketsOpened { get; internal set; }

    public long Drops(TransportDrop reason) => _drops[(int)reason];

    internal void Drop(TransportDrop reason, int count = 1) => _drops[(int)reason] += count;
}
