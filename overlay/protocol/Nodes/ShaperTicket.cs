using System.Numerics;
using System.Runtime.CompilerServices;
using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Nodes;

/// <summary>Where one sender stands in the lines of a <see cref="Shaper"/>, which alone writes it. It belongs to a link, or to all handshakes together.</summary>
internal sealed class ShaperTicket(LinkSlot? slot = null)
{
    private Credits _credits;
    private Times _since;

    /// <summary>The link; null for the handshakes.</summary>
    public LinkSlot? Slot { get; } = slot;

    /// <summary>What it could send now.</summary>
    public Urgency Wants { get; set; }

    /// <summary>The lines that it stands in: also some that it wants nothing of any more, and is taken out of when it is first there.</summary>
    public Urgency Lines { get; set; }

    /// <summary>Bytes that it may still send in a line before others have their turn; may be overdrawn by one datagram.</summary>
    public ref int Credit(int line) => ref _credits[line];

    /// <summary>Since when it could have sent in that line.</summary>
    public ref MonoTime Since(int line) => ref _since[line];

    public MonoTime WaitsSince(Urgency turn) => Since(BitOperations.TrailingZeroCount((int)turn));

    [InlineArray(Shaper.Lines)]
    private struct Credits
    {
        private int _first;
    }

    [InlineArray(Shaper.Lines)]
    private struct Times
    {
        private MonoTime _first;
    }
}
