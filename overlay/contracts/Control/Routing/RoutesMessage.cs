using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// One piece of a node's routes: of all of them, or, with <see cref="From"/>, of what has changed since that version. Pieces are
/// numbered from 0, and keys ascend within a piece and from piece to piece. What the node held before counts until the last is
/// there.
/// </summary>
public sealed record RoutesMessage(RoutesVersion? From, RoutesVersion Version, uint Piece, bool IsLast, IReadOnlyList<DestinationRoutes> Routes) : ControlMessage
{
    private const int FromField = 1;
    private const ulong Required = (1 << 2) | (1 << 3) | (1 << 4) | (1 << 5);

    /// <summary>The shortest destination in bytes: [destination].</summary>
    private const int LeastDestination = 2;

    public override ControlKind Kind => ControlKind.Routes;

    /// <summary>Cuts routes, which ascend by key, into pieces that each stay below <see cref="ControlLimits.MaxPiece"/>.</summary>
    public static IEnumerable<RoutesMessage> Cut(RoutesVersion? from, RoutesVersion version, IEnumerable<DestinationRoutes> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        const int most = ControlLimits.MaxPiece / ControlLimits.MaxDestination;
        uint piece = 0;
        var held = new List<DestinationRoutes>();
        foreach (var destination in routes)
        {
            if (held.Count == most)
            {
                yield return new(from, version, piece++, IsLast: false, held);
                held = [];
            }

            held.Add(destination);
        }

        yield return new(from, version, piece, IsLast: true, held);
    }

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        RoutesVersion from = default, version = default;
        uint piece = 0;
        var isLast = false;
        IReadOnlyList<DestinationRoutes> routes = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                FromField => ControlFormat.TryReadVersion(ref reader, out from),
                2 => ControlFormat.TryReadVersion(ref reader, out version),
                3 => reader.TryReadUInt32(out piece),
                4 => reader.TryReadBoolean(out isLast),
                5 => ControlFormat.TryReadAscending(ref reader, DestinationRoutes.TryRead, LeastDestination, destination => destination.Key.Wire, out routes),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required))
            return false;
        message = new RoutesMessage(walk.Has(FromField) ? from : null, version, piece, isLast, routes);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(From is null ? 4 : 5);
        if (From is { } from)
        {
            writer.WriteInteger(FromField);
            ControlFormat.WriteVersion(ref writer, from);
        }

        writer.WriteInteger(2);
        ControlFormat.WriteVersion(ref writer, Version);
        writer.WriteField(3, Piece);
        writer.WriteInteger(4);
        writer.WriteBoolean(IsLast);
        writer.WriteInteger(5);
        writer.WriteArrayHeader(Routes.Count);
        foreach (var destination in Routes)
            destination.Write(ref writer);
    }
}
