using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Access;

/// <summary>What was said of a space: a tenant's, or a unit's, part of all subjects. One of which nothing was said is open at every edge.</summary>
/// <param name="Name">The first token of its subjects.</param>
/// <param name="Regions">The regions whose edges let its clients in; empty for all.</param>
public sealed record Space(string Name, IReadOnlyList<string> Regions)
{
    public bool Equals(Space? other) => other is not null && Name == other.Name && Regions.SequenceEqual(other.Regions, StringComparer.Ordinal);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether edges of a region let its clients in. Of a pinned space no edge does that has no region.</summary>
    public bool IsIn(string region) => Regions.Count == 0 || (region.Length > 0 && Regions.Contains(region, StringComparer.Ordinal));

    /// <summary>Whether a text can be a region's name.</summary>
    public static bool IsRegion(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && ControlFormat.IsLabel(text, ControlLimits.MaxPlace);
    }

    /// <summary>The record that carries it: {1 regions}.</summary>
    public AccessRecord ToRecord()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(64);
        var writer = new MessagePackWriter(bytes);
        writer.WriteMapHeader(1);
        writer.WriteInteger(1);
        writer.WriteArrayHeader(Regions.Count);
        foreach (var region in Regions)
            writer.WriteString(region);
        return new(AccessKind.Space, Name, bytes.WrittenSpan.ToArray());
    }

    public static bool TryRead(AccessRecord record, [NotNullWhen(true)] out Space? space)
    {
        ArgumentNullException.ThrowIfNull(record);
        space = null;
        IReadOnlyList<string> regions = [];
        var reader = new MessagePackReader(record.Body);
        if (record.Kind != AccessKind.Space || !SpaceNames.IsOne(record.Name) || !FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            if (!(field == 1 ? ControlFormat.TryReadList(ref reader, TryReadRegion, AccessLimits.MaxRegions, out regions) : reader.TrySkip()))
                return false;
        }

        if (!walk.Ended(1 << 1) || !reader.IsAtEnd)
            return false;
        space = new(record.Name, regions);
        return true;
    }

    private static bool TryReadRegion(ref MessagePackReader reader, out string region) => ControlFormat.TryReadLabel(ref reader, ControlLimits.MaxPlace, out region) && region.Length > 0;
}
