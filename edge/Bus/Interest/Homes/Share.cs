namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>A registrant's patterns in one space, and which of its versions followers have yet to reckon with.</summary>
internal sealed class Share(HomeSpace space, Registrar registrar)
{
    public const int None = -1;

    public HomeSpace Space { get; } = space;

    public Registrar Registrar { get; } = registrar;

    /// <summary>The first of its registrations.</summary>
    public int Head { get; set; } = None;

    public int Count { get; set; }

    /// <summary>The version of the membership with which what was told before <see cref="LeftAt"/> goes; 0 for none.</summary>
    public ulong LeavesWith { get; set; }

    public uint LeftAt { get; set; }

    /// <summary>What was added since the last version that was told.</summary>
    public Batch? Open { get; set; }

    /// <summary>Told versions, the oldest first.</summary>
    public Queue<Batch> Told { get; } = new();

    public ulong Confirmed { get; set; }

    public bool IsDue { get; set; }
}
