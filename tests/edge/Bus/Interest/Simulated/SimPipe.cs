using WeCan.Contracts;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>A flow from one edge to another: in order, reliable and slow, until it breaks; then it has brought what it had brought, and its maker hears of it later.</summary>
internal sealed class SimPipe(SimEdge from, SimEdge to)
{
    private readonly Queue<(MonoTime At, byte[] Message)> _messages = new();
    private MonoTime _last;

    public SimEdge From { get; } = from;

    public SimEdge To { get; } = to;

    /// <summary>The life of the other end that the first message has met.</summary>
    public int ToLife { get; set; }

    public bool IsBroken { get; set; }

    /// <summary>So many at most are on their way; then the maker waits.</summary>
    public bool HasRoom => _messages.Count < 8;

    public bool IsEmpty => _messages.Count == 0;

    public MonoTime Next => _messages.TryPeek(out var next) ? next.At : MonoTime.Never;

    public MonoTime Add(MonoTime at, byte[] message)
    {
        _last = MonoTime.Max(_last, at);
        _messages.Enqueue((_last, message));
        return _last;
    }

    public byte[] Take() => _messages.Dequeue().Message;

    /// <summary>Only so many of those on their way still come.</summary>
    public void Cut(int keep)
    {
        var kept = _messages.Take(keep).ToList();
        _messages.Clear();
        kept.ForEach(_messages.Enqueue);
    }
}
