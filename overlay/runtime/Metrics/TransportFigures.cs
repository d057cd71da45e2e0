using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Metrics;

/// <summary>What a node's transport counts, each with the name and the help of its metric.</summary>
internal static class TransportFigures
{
    public static IReadOnlyList<TransportFigure> All { get; } =
    [
        new("wecan_transport_packets_received", "Packets of the transport that arrived here.", counters => counters.PacketsReceived),
        new("wecan_transport_packets_sent", "Packets of the transport that began here.", counters => counters.PacketsSent),
        new("wecan_transport_segments_sent", "Segments of Signal and Bulk, first sendings.", counters => counters.SegmentsSent),
        new("wecan_transport_segments_retransmitted", "Segments of Signal and Bulk that were sent again, end to end.", counters => counters.SegmentsRetransmitted),
        new("wecan_transport_segments_confirmed", "Segments of Signal and Bulk that their destination has.", counters => counters.SegmentsConfirmed),
        new("wecan_transport_retransmission_timeouts", "Times that nothing was heard of a segment for too long.", counters => counters.RetransmissionTimeouts),
        new("wecan_transport_window_cuts", "Times that a route's window was made smaller.", counters => counters.WindowCuts),
        new("wecan_transport_fragments_sent", "Realtime packets that began here.", counters => counters.FragmentsSent),
        new("wecan_transport_copies_sent", "Realtime packets that went over one more path.", counters => counters.CopiesSent),
        new("wecan_transport_path_trials", "Times that another route was tried beside the one in use.", counters => counters.PathTrials),
        new("wecan_transport_path_guards", "Times that Realtime flows began to send copies over a second route, as the one in use lost more in a row than its hops repair.", counters => counters.PathGuards),
        new("wecan_transport_path_moves", "Times that Realtime flows went over to another route.", counters => counters.PathMoves),
        new("wecan_transport_messages_accepted", "Messages that applications gave.", counters => counters.MessagesAccepted),
        new("wecan_transport_messages_confirmed", "Messages that their destination has.", counters => counters.MessagesConfirmed),
        new("wecan_transport_messages_delivered", "Messages that were handed to applications.", counters => counters.MessagesDelivered),
        new("wecan_transport_flows_broken", "Flows that could not go on.", counters => counters.FlowsBroken),
        new("wecan_transport_multicast_copies", "Packets of multicast flows to sets of edges.", counters => counters.MulticastCopies),
        new("wecan_transport_multicast_directs", "Packets of multicast flows to single edges.", counters => counters.MulticastDirects),
        new("wecan_transport_multicast_leaves", "Times that an edge fell behind its multicast flow.", counters => counters.MulticastLeaves),
        new("wecan_transport_destinations_lost", "Edges that multicast flows had to give up.", counters => counters.DestinationsLost),
        new("wecan_sealing_sessions", "Sealed sessions with other edges that came about.", counters => counters.SealingSessions),
        new("wecan_sealing_packets_sealed", "Packets that were sealed end to end.", counters => counters.PacketsSealed),
        new("wecan_sealing_packets_opened", "Packets sealed end to end that were opened.", counters => counters.PacketsOpened),
    ];
}
