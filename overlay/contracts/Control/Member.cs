using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control;

/// <summary>
/// What every node knows of one member: who it is, where it can be reached, and until when it is one. Equal by content,
/// its addresses included. Written as a map; what a later version adds to it is skipped.
/// </summary>
public sealed record Member
{
    private const ulong Required = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 10) | (1 << 11);

    public required NodeId Number { get; init; }

    public required NodeRole Role { get; init; }

    public required OverlayKey Key { get; init; }

    /// <summary>Where its overlay port can be reached from outside, the preferred one first.</summary>
    public IReadOnlyList<NetAddress> Addresses { get; init; } = [];

    public string Name { get; init; } = "";

    public string Region { get; init; } = "";

    public string Site { get; init; } = "";

    public string Operator { get; init; } = "";

    /// <summary>An edge has one, a relay none.</summary>
    public EdgeIndex? Edge { get; init; }

    /// <summary>When its certificate ends, and with it its membership, unless it is renewed.</summary>
    public required UnixTime Expires { get; init; }

    public MemberState State { get; init; } = MemberState.Active;

    public bool Equals(Member? other) =>
        other is not null && Number == other.Number && Role == other.Role && Key == other.Key && Edge == other.Edge
        && Expires == other.Expires && State == other.State && Name == other.Name && Region == other.Region
        && Site == other.Site && Operator == other.Operator && Addresses.SequenceEqual(other.Addresses);

    public override int GetHashCode() => HashCode.Combine(Number, Key, Expires, State, Addresses.Count);

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out Member? member)
    {
        member = null;
        NodeId number = default;
        NodeRole role = default;
        OverlayKey key = default;
        IReadOnlyList<NetAddress> addresses = [];
        string name = "", region = "", site = "", operatorName = "";
        ushort edge = 0;
        UnixTime expires = default;
        MemberState state = default;
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => ControlFormat.TryReadNode(ref reader, out number),
                2 => ControlFormat.TryReadRole(ref reader, out role),
                3 => ControlFormat.TryReadKey(ref reader, out key),
                4 => ControlFormat.TryReadAddresses(ref reader, out addresses),
                5 => ControlFormat.TryReadLabel(ref reader, ControlLimits.MaxName, out name),
                6 => ControlFormat.TryReadLabel(ref reader, ControlLimits.MaxPlace, out region),
                7 => ControlFormat.TryReadLabel(ref reader, ControlLimits.MaxPlace, out site),
                8 => ControlFormat.TryReadLabel(ref reader, ControlLimits.MaxPlace, out operatorName),
                9 => reader.TryReadUInt16(out edge),
                10 => ControlFormat.TryReadTime(ref reader, out expires),
                11 => ControlFormat.TryReadState(ref reader, out state),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required) || walk.Has(9) != (role == NodeRole.Edge))
            return false;
        member = new()
        {
            Number = number,
            Role = role,
            Key = key,
            Addresses = addresses,
            Name = name,
            Region = region,
            Site = site,
            Operator = operatorName,
            Edge = walk.Has(9) ? EdgeIndex.From(edge) : null,
            Expires = expires,
            State = state,
        };
        return true;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        var fields = 5 + (Addresses.Count > 0 ? 1 : 0) + (Name.Length > 0 ? 1 : 0) + (Region.Length > 0 ? 1 : 0)
            + (Site.Length > 0 ? 1 : 0) + (Operator.Length > 0 ? 1 : 0) + (Edge is null ? 0 : 1);
        writer.WriteMapHeader(fields);
        writer.WriteField(1, Number.Value);
        writer.WriteField(2, (long)Role);
        writer.WriteInteger(3);
        Span<byte> key = stackalloc byte[OverlayKey.Bytes];
        Key.Write(key);
        writer.WriteBinary(key);
        if (Addresses.Count > 0)
        {
            writer.WriteInteger(4);
            ControlFormat.WriteAddresses(ref writer, Addresses);
        }

        writer.WriteFieldUnlessEmpty(5, Name);
        writer.WriteFieldUnlessEmpty(6, Region);
        writer.WriteFieldUnlessEmpty(7, Site);
        writer.WriteFieldUnlessEmpty(8, Operator);
        if (Edge is { } edge)
            writer.WriteField(9, edge.Value);
        writer.WriteField(10, Expires.Seconds);
        writer.WriteField(11, (long)State);
    }

    /// <summary>How many bytes it takes when it is written.</summary>
    public int Measure()
    {
        Span<byte> room = stackalloc byte[ControlLimits.MaxMember];
        var writer = new MessagePackWriter(room);
        Write(ref writer);
        return (int)writer.BytesWritten;
    }
}
