using System.Buffers.Binary;
using WeCan.Contracts;

namespace WeCan.Simulation.Transfers;

/// <summary>
/// A model of a TCP sender that always has more: the window of <see cref="CubicWindow"/>, loss found as RFC 8985 does
/// where nothing reorders (something sent three segments later has arrived), recovery by RFC 6675's count of what is in
/// the pipe, and a retransmission timeout of at least 200 ms. No handshake and no bytes but the segment's number.
/// </summary>
internal sealed class CubicSender(NetAddress peer, MonoTime startAt) : ISimHost
{
    public const int SegmentPayload = 1_448;
    private const int DatagramBytes = 1_472;
    private const int Window = 1 << 16;
    private const int DuplicateThreshold = 3;

    private static readonly Duration MinTimeout = Duration.FromMilliseconds(200);

    private readonly Segment[] _segments = new Segment[Window];
    private readonly CubicWindow _window = new();
    private long _oldest;
    private long _next;
    private long _lostFrom;
    private int _pipe;
    private int _lost;
    private long _transmissions;
    private long _newestArrived = -1;
    private long _recoverUntil;
    private long _roundEnds;
    private Duration _smoothed;
    private Duration _variation;
    private MonoTime _timeoutAt = startAt;
    private bool _isStarted;
    private int _backoff;

    public MonoTime NextTimeout => _timeoutAt;

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        var next = BinaryPrimitives.ReadInt64LittleEndian(datagram);
        var arrived = 0;
        var rtt = Duration.Zero;
        for (; _oldest < next; _oldest++)
            arrived += Take(now, _oldest, ref rtt);
        for (var i = 0; i < CubicReceiver.Blocks; i++)
        {
            var end = BinaryPrimitives.ReadInt64LittleEndian(datagram[(16 + (16 * i))..]);
            for (var segment = Math.Max(_oldest, BinaryPrimitives.ReadInt64LittleEndian(datagram[(8 + (16 * i))..])); segment < end; segment++)
                arrived += Take(now, segment, ref rtt);
        }

        if (arrived == 0)
            return;
        if (rtt > Duration.Zero)
            Measure(rtt);
        var found = FindLost();
        if (found && _oldest >= _recoverUntil)
        {
            _recoverUntil = _next;
            _window.OnLoss();
        }
        else if (_oldest >= _recoverUntil && !found)
        {
            if (_oldest >= _roundEnds)
            {
                _roundEnds = _next;
                _window.OnRound();
            }

            _window.OnAcked(now, arrived, rtt > Duration.Zero ? rtt : _smoothed, _smoothed);
        }

        _backoff = 0;
        _timeoutAt = now + Timeout;
    }

    public void HandleTimeout(MonoTime now)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _timeoutAt = now + Timeout;
            return;
        }

        for (var segment = _oldest; segment < _next; segment++)
            Lose(segment);
        _recoverUntil = _next;
        _window.OnTimeout();
        _backoff = Math.Min(_backoff + 1, 6);
        _timeoutAt = now + Timeout;
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        (to, length) = (peer, DatagramBytes);
        if (!_isStarted || _pipe >= (int)_window.Segments || _next - _oldest >= Window)
            return false;
        var number = _next;
        if (_lost > 0)
        {
            _lostFrom = Math.Max(_lostFrom, _oldest);
            while (!_segments[_lostFrom % Window].IsLost)
                _lostFrom++;
            number = _lostFrom;
            _lost--;
        }
        else
        {
            _next++;
        }

        ref var segment = ref _segments[number % Window];
        segment = new() { SentAt = now, Transmission = _transmissions++, WasResent = number < _next - 1 || segment.IsLost, IsInPipe = true };
        _pipe++;
        BinaryPrimitives.WriteInt64LittleEndian(buffer, number);
        return true;
    }

    private Duration Timeout
    {
        get
        {
            var once = _smoothed == Duration.Zero ? Duration.FromSeconds(1) : Duration.Max(MinTimeout, _smoothed + (_variation * 4));
            return once * (1L << _backoff);
        }
    }

    /// <summary>1 when the segment's arrival is news.</summary>
    private int Take(MonoTime now, long number, ref Duration rtt)
    {
        ref var segment = ref _segments[number % Window];
        if (segment.HasArrived)
            return 0;
        if (segment.IsInPipe)
            _pipe--;
        if (segment.IsLost)
            _lost--;
        _newestArrived = Math.Max(_newestArrived, segment.Transmission);
        if (!segment.WasResent)
            rtt = now - segment.SentAt;
        segment = new() { HasArrived = true };
        return 1;
    }

    private bool FindLost()
    {
        var any = false;
        for (var number = _oldest; number < _next; number++)
        {
            ref var segment = ref _segments[number % Window];
            if (!segment.IsInPipe)
                continue;
            if (segment.Transmission + DuplicateThreshold > _newestArrived)
            {
                if (!segment.WasResent)
                    break;
                continue;
            }

            any |= Lose(number);
        }

        return any;
    }

    private bool Lose(long number)
    {
        ref var segment = ref _segments[number % Window];
        if (!segment.IsInPipe)
            return false;
        segment.IsInPipe = false;
        segment.IsLost = true;
        _pipe--;
        _lost++;
        _lostFrom = Math.Min(_lostFrom, number);
        return true;
    }

    private void Measure(Duration rtt)
    {
        if (_smoothed == Duration.Zero)
        {
            (_smoothed, _variation) = (rtt, rtt / 2);
            return;
        }

        var difference = rtt > _smoothed ? rtt - _smoothed : _smoothed - rtt;
        _variation = ((_variation * 3) + difference) / 4;
        _smoothed = ((_smoothed * 7) + rtt) / 8;
    }

    private struct Segment
    {
        public MonoTime SentAt;
        public long Transmission;
        public bool IsInPipe;
        public bool IsLost;
        public bool HasArrived;
        public bool WasResent;
    }
}
