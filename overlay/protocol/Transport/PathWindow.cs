using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// How many segments of one class may be on the way to a destination over one route, all flows together: they share it in
/// turn, while the credit that bounds what a destination must hold stays each flow's own. It doubles every round trip
/// until the route first objects, by marks or by losing so much that it can be no accident; from then on each objection
/// takes a part, at most once in a round trip, and every round trip without one adds a little. A window that was not half
/// used says nothing about a larger one.
/// </summary>
internal sealed class PathWindow(TransportCounters counters)
{
    private int _fastUntil = TransportLimits.MaxPathWindow;
    private int _earned;
    private int _received;
    private int _lost;
    private MonoTime _lastCut = new(long.MinValue / 2);
    private MonoTime _lastProgress = new(long.MinValue / 2);

    /// <summary>The lanes that share it, one a priority.</summary>
    public List<Lane> Lanes { get; } = [];

    public int Size { get; private set; } = TransportLimits.FirstPathWindow;

    /// <summary>Segments on the way, of all flows.</summary>
    public int InFlight { get; private set; }

    /// <summary>
    /// What was sent up to this time and is missing, a silence of the route has told already, and the window has answered it:
    /// it may be found out long after the route has come back, and says nothing about it.
    /// </summary>
    public MonoTime SilentUntil { get; private set; } = new(long.MinValue / 2);

    public bool HasRoom => InFlight < Size;

    /// <summary>A flow has other segments on the way than it told of last.</summary>
    public void Recount(ref int told, int inFlight)
    {
        InFlight += inFlight - told;
        told = inFlight;
    }

    /// <summary>Segments are known to have arrived; called before they are taken off what is on the way.</summary>
    public void OnReceived(MonoTime now, int count)
    {
        _lastProgress = now;
        _received += count;
        if (_received >= Size)
        {
            _received /= 2;
            _lost /= 2;
        }

        if (InFlight < Size / 2)
            return;
        if (Size < _fastUntil)
        {
            Size = Math.Min(Size + count, _fastUntil);
            return;
        }

        _earned += count * (TransportLimits.WindowStep + (Size / TransportLimits.WindowPart));
        while (_earned >= Size && Size < TransportLimits.MaxPathWindow)
            _earned -= Size++;
        _earned = Math.Min(_earned, Size);
    }

    /// <summary>Queues on the way are over their threshold.</summary>
    public void OnMarks(MonoTime now, Duration roundTrip) => Cut(now, roundTrip, percent: 70);

    /// <summary>
    /// Segments reached the destination neither by themselves nor by any hop's repair. Some do at random; a relay that
    /// drops because it is full drops more. Not for segments sent before <see cref="SilentUntil"/>.
    /// </summary>
    public void OnLoss(MonoTime now, int count, Duration roundTrip)
    {
        _lost += count;
        if (count > 0 && _lost > (_lost + _received) / TransportLimits.LossPart)
            Cut(now, roundTrip, percent: 70);
    }

    /// <summary>
    /// A flow heard nothing for its timeout. If others did, the silence is its own and not the route's. It need not be the
    /// sign of a queue, so what the window was is soon tried again.
    /// </summary>
    public void OnSilence(MonoTime now, Duration roundTrip, Duration timeout)
    {
        if (now - _lastProgress < timeout)
            return;
        SilentUntil = now;
        var fastUntil = Math.Max(_fastUntil, Size);
        if (Cut(now, roundTrip, percent: 50))
            _fastUntil = fastUntil;
    }

    private bool Cut(MonoTime now, Duration roundTrip, int percent)
    {
        if (now - _lastCut < roundTrip)
            return false;
        counters.WindowCuts++;
        _lastCut = now;
        _earned = 0;
        _received = 0;
        _lost = 0;
        Size = Math.Max(TransportLimits.MinPathWindow, (int)((long)Size * percent / 100));
        _fastUntil = Size;
        return true;
    }
}
