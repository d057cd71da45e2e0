using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>
/// A node's first frame: what it is, in which life, where it can be reached now, and what it holds of the membership. Its
/// number it does not say: that is in the certificate which it showed.
/// </summary>
public sealed record HelloMessage : ControlMessage
{
    private const ulong Required = (1 << 1) | (1 << 3) | (1 << 4) | (1 << 6) | (1 << 7);

    public override ControlKind Kind => ControlKind.Hello;

    /// <summary>The version of the control session that the node speaks.</summary>
    public int Protocol { get; init; } = ControlLimits.Protocol;

    /// <summary>The program's name and version, for people.</summary>
    public string Software { get; init; } = "";

    public required NodeRole Role { get; init; }

    public required BootEpoch Epoch { get; init; }

    public IReadOnlyList<NetAddress> Addresses { get; init; } = [];

    public required NetworkId Network { get; init; }

    public required MembershipVersion Held { get; init; }

    /// <summary>The routes that the node holds.</summary>
    public RoutesVersion HeldRoutes { get; init; }

    /// <summary>The node is about to go, and was so before this session began.</summary>
    public bool IsDraining { get; init; }

    public bool Equals(HelloMessage? other) =>
        other is not null && Protocol == other.Protocol && Software == other.Software && Role == other.Role && Epoch == other.Epoch
        && Network == other.Network && Held == other.Held && HeldRoutes == other.HeldRoutes && IsDraining == other.IsDraining && Addresses.SequenceEqual(other.Addresses);

    public override int GetHashCode() => HashCode.Combine(Protocol, Role, Epoch, Network, Held);

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        var protocol = 0;
        var software = "";
        NodeRole role = default;
        uint epoch = 0;
        IReadOnlyList<NetAddress> addresses = [];
        NetworkId network = default;
        MembershipVersion held = default;
        RoutesVersion heldRoutes = default;
        var isDraining = false;
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => reader.TryReadInt32(out protocol),
                2 => ControlFormat.TryReadText(ref reader, ControlLimits.MaxText, out software),
                3 => ControlFormat.TryReadRole(ref reader, out role),
                4 => reader.TryReadUInt32(out epoch),
                5 => ControlFormat.TryReadAddresses(ref reader, out addresses),
                6 => ControlFormat.TryReadNetwork(ref reader, out network),
                7 => ControlFormat.TryReadVersion(ref reader, out held),
                8 => reader.TryReadBoolean(out isDraining),
                9 => ControlFormat.TryReadVersion(ref reader, out heldRoutes),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required))
            return false;
        message = new HelloMessage
        {
            Protocol = protocol,
            Software = software,
            Role = role,
            Epoch = new(epoch),
            Addresses = addresses,
            Network = network,
            Held = held,
            HeldRoutes = heldRoutes,
            IsDraining = isDraining,
        };
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(9);
        writer.WriteField(1, Protocol);
        writer.WriteInteger(2);
        writer.WriteString(ControlFormat.Fit(Software, ControlLimits.MaxText));
        writer.WriteField(3, (long)Role);
        writer.WriteField(4, Epoch.Value);
        writer.WriteInteger(5);
        ControlFormat.WriteAddresses(ref writer, Addresses);
        writer.WriteInteger(6);
        ControlFormat.WriteNetwork(ref writer, Network);
        writer.WriteInteger(7);
        ControlFormat.WriteVersion(ref writer, Held);
        writer.WriteInteger(8);
        writer.WriteBoolean(IsDraining);
        writer.WriteInteger(9);
        ControlFormat.WriteVersion(ref writer, HeldRoutes);
    }
}
