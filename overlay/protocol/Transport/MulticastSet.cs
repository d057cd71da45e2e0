namespace WeCan.Protocol.Transport;

/// <summary>A flow's destinations in one set of 256 edges. A destination's slot is the set's place in the flow × 256 + its index in the set.</summary>
internal sealed class MulticastSet(byte number, int place)
{
    public byte Number { get; } = number;

    public int Place { get; } = place;

    public MulticastMember?[] Members { get; } = new MulticastMember?[256];

    /// <summary>Edges that are destinations, or were taken out, or were lost and the application has not taken the event of it.</summary>
    public ulong[] Known { get; } = new ulong[EdgeSet.Words];

    /// <summary>Destinations that get new segments by multicast; those that are away among them, though none is for them.</summary>
    public ulong[] InStep { get; } = new ulong[EdgeSet.Words];

    /// <summary>Destinations that the application has taken out, and may take in again.</summary>
    public ulong[] Away { get; } = new ulong[EdgeSet.Words];

    /// <summary>Lost destinations whose event waits to be taken: nothing is sent to them.</summary>
    public ulong[] Lost { get; } = new ulong[EdgeSet.Words];
}
