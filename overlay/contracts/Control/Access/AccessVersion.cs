namespace WeCan.Contracts.Control.Access;

/// <summary>
/// A state of what edges know of the access to the bus. The number counts the changes since the network was made, and the mark is the sum of
/// <see cref="AccessRecord.Mark"/> over all records: whoever holds them can reckon it, so what was lost or damaged shows.
/// </summary>
public readonly record struct AccessVersion(ulong Number, ulong Mark)
{
    /// <summary>Nothing at all.</summary>
    public static readonly AccessVersion None;

    public override string ToString() => $"a{Number}-{Mark:x16}";
}
