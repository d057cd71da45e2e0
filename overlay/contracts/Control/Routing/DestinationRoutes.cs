using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// One node's ways to one destination for one class, the best first; each is the relays between the two, and none of them is straight there. No
/// ways at all take back what was said before. Immutable; its few bytes are what a node keeps of a destination.
/// </summary>
public readonly struct DestinationRoutes : IEquatable<DestinationRoutes>
{
    private const int LengthBits = 3;
    private const int LengthMask = (1 << LengthBits) - 1;

    private readonly NodeId[] _relays;
    private readonly ushort _lengths;

    /// <exception cref="ArgumentException">No packet can carry one of the ways, or they are too many.</exception>
    public DestinationRoutes(RouteKey key, params ReadOnlySpan<NodeId[]> ways)
    {
        var destination = key.Destination;
        if (destination.IsNone || ways.Length > ControlLimits.MaxWays)
            throw new ArgumentException($"A destination has a number and at most {ControlLimits.MaxWays} ways.", nameof(ways));
        var all = new List<NodeId>();
        foreach (var way in ways)
        {
            if (!IsWay(destination, way))
                throw new ArgumentException($"A way has at most {ControlLimits.MaxRelays} relays, each once, and not the destination.", nameof(ways));
            all.AddRange(way);
        }

        Key = key;
        WayCount = (byte)ways.Length;
        for (var rank = 0; rank < ways.Length; rank++)
            _lengths |= (ushort)(ways[rank].Length << (rank * LengthBits));
        _relays = [.. all];
    }

    private DestinationRoutes(RouteKey key, byte count, ushort lengths, NodeId[] relays) =>
        (Key, WayCount, _lengths, _relays) = (key, count, lengths, relays);

    public RouteKey Key { get; }

    public NodeId Destination => Key.Destination;

    public RouteClass Class => Key.Class;

    public byte WayCount { get; }

    /// <summary>
    /// 64-bit FNV-1a over the destination's number, the class where it is not Signal, and of each way the number of its relays and these, big-endian; 0 without ways.
    /// </summary>
    public ulong Mark
    {
        get
        {
            if (WayCount == 0)
                return 0;
            var mark = RouteMark.Begin(Key);
            for (var rank = 0; rank < WayCount; rank++)
            {
                var relays = Relays(rank);
                mark = RouteMark.AddWay(mark, relays.Length);
                foreach (var relay in relays)
                    mark = RouteMark.AddNode(mark, relay);
            }

            return mark;
        }
    }

    /// <summary>The relays of the way of this rank, in order.</summary>
    public ReadOnlySpan<NodeId> Relays(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rank, WayCount, nameof(rank));
        var start = 0;
        for (var before = 0; before < rank; before++)
            start += LengthOf(before);
        return _relays.AsSpan(start, LengthOf(rank));
    }

    public bool Equals(DestinationRoutes other) =>
        Key == other.Key && WayCount == other.WayCount && _lengths == other._lengths && _relays.AsSpan().SequenceEqual(other._relays);

    public override bool Equals(object? obj) => obj is DestinationRoutes other && Equals(other);

    public override int GetHashCode() => Mark.GetHashCode();

    public static bool operator ==(DestinationRoutes left, DestinationRoutes right) => left.Equals(right);

    public static bool operator !=(DestinationRoutes left, DestinationRoutes right) => !left.Equals(right);

    /// <summary>Reads [key, way, ...]; a way is an array of relays.</summary>
    internal static bool TryRead(ref MessagePackReader reader, out DestinationRoutes routes)
    {
        routes = default;
        if (!reader.TryReadArrayHeader(out var count) || count is 0 or > ControlLimits.MaxWays + 1 || !reader.TryReadUInt32(out var wire) || !RouteKey.TryRead(wire, out var key))
            return false;
        var destination = key.Destination;
        Span<NodeId> room = stackalloc NodeId[ControlLimits.MaxWays * ControlLimits.MaxRelays];
        var used = 0;
        ushort lengths = 0;
        for (var rank = 0; rank < count - 1; rank++)
        {
            if (!reader.TryReadArrayHeader(out var relays) || relays > ControlLimits.MaxRelays)
                return false;
            var way = room.Slice(used, relays);
            for (var i = 0; i < relays; i++)
            {
                if (!ControlFormat.TryReadNode(ref reader, out way[i]))
                    return false;
            }

            if (!IsWay(destination, way))
                return false;
            lengths |= (ushort)(relays << (rank * LengthBits));
            used += relays;
        }

        routes = new(key, (byte)(count - 1), lengths, used == 0 ? [] : room[..used].ToArray());
        return true;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1 + WayCount);
        writer.WriteInteger((ulong)Key.Wire);
        for (var rank = 0; rank < WayCount; rank++)
        {
            var relays = Relays(rank);
            writer.WriteArrayHeader(relays.Length);
            foreach (var relay in relays)
                writer.WriteInteger((ulong)relay.Value);
        }
    }

    private static bool IsWay(NodeId destination, ReadOnlySpan<NodeId> relays)
    {
        for (var i = 0; i < relays.Length; i++)
        {
            if (relays[i].IsNone || relays[i] == destination || relays[..i].Contains(relays[i]))
                return false;
        }

        return relays.Length <= ControlLimits.MaxRelays;
    }

    private int LengthOf(int rank) => (_lengths >> (rank * LengthBits)) & LengthMask;
}
