namespace WeCan.Simulation.Swarm;

/// <summary>What the applications of one run sent and got.</summary>
public sealed record SwarmTally
{
    public long StreamsAccepted { get; internal set; }

    public long StreamsDelivered { get; internal set; }

    public long StreamBytesDelivered { get; internal set; }

    public long RealtimeAccepted { get; internal set; }

    public long RealtimeDelivered { get; internal set; }

    /// <summary>Messages of multicast flows, once for each destination.</summary>
    public long MulticastsAccepted { get; internal set; }

    public long MulticastsDelivered { get; internal set; }

    /// <summary>Messages of Realtime flows to many, once for each edge of their audience.</summary>
    public long RealtimeMulticastsAccepted { get; internal set; }

    public long RealtimeMulticastsDelivered { get; internal set; }

    /// <summary>Those among them that came in the proof, and had to.</summary>
    public long RealtimeMulticastsProven { get; internal set; }

    public long DestinationsLost { get; internal set; }

    /// <summary>Of flows to many of class Signal or Bulk, by their applications.</summary>
    public long DestinationsTakenOut { get; internal set; }

    public long FlowsBroken { get; internal set; }

    public long LinksUp { get; internal set; }

    public long LinksDown { get; internal set; }

    public long ClientsUp { get; internal set; }

    /// <summary>Messages between clients and their edges, both ways.</summary>
    public long ClientMessagesDelivered { get; internal set; }

    public long MembersRemoved { get; internal set; }

    /// <summary>Packets that a node led around a dead link.</summary>
    public long Detours { get; internal set; }

    /// <summary>Packets that dead links held and nodes sent on.</summary>
    public long Salvaged { get; internal set; }

    /// <summary>Packets that came sealed end to end, and were opened.</summary>
    public long Opened { get; internal set; }

    /// <summary>Datagrams with data that links could have sent earlier, had the node's uplink not been others' turn; of links that stood at the end of a node's life.</summary>
    public long TurnsLate { get; internal set; }

    /// <summary>Bytes that links had to carry if nothing went wrong: each message and what stands around it, on each hop of its way.</summary>
    public long OfferedBytes { get; internal set; }

    /// <summary>IP bytes that went onto links.</summary>
    public long WireBytes { get; internal set; }

    /// <summary>Seconds from healing until everything was confirmed.</summary>
    public double RecoverySeconds { get; internal set; }

    /// <summary>Seconds from healing until every link stood for good.</summary>
    public double LinksSeconds { get; internal set; }
}
