using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>
/// One direction of a link as a state machine without bytes or a clock: it is offered packet sizes and answers with
/// their fate and arrival times, by the same rules as wanlab.c. Whoever carries the packets drives it, with a time that
/// does not go back, and tells it what arrived. The same seed, settings and offers give the same verdicts; nothing is
/// allocated after construction.
/// </summary>
public sealed class LinkModel
{
    private const long DuplicateDelay = 1_000;

    private readonly WanRandom _random;
    private readonly int _networkMtu;
    private LinkSettings _settings;
    private LinkCounters _counters;
    private int _mtu;
    private double _leaveBurst;
    private double _enterBurst;
    private bool _inBurst;
    private long _lastDue = long.MinValue;

    public LinkModel(LinkSettings settings, ulong seed, int networkMtu = WanLimits.DefaultMtu)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(networkMtu, WanLimits.MinMtu);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(networkMtu, WanLimits.MaxMtu);
        _random = new(seed);
        _networkMtu = networkMtu;
        Settings = _settings = settings;
    }

    /// <summary>May change at any time. The backlog, the burst under way and the order of what was sent before persist.</summary>
    public LinkSettings Settings
    {
        get => _settings;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.ThrowIfInvalid();
            _settings = value;
            _mtu = value.Mtu == 0 ? _networkMtu : Math.Min(value.Mtu, _networkMtu);
            _leaveBurst = value.Burst > 1 ? 1 / value.Burst : 1;
            _enterBurst = value.Loss >= 1 ? 1 : _leaveBurst * value.Loss / (1 - value.Loss);
        }
    }

    public LinkCounters Counters => _counters;

    /// <summary>Its own; whoever owns several links may give them one in common.</summary>
    public Serialiser Serialiser { get; set; } = new();

    /// <param name="ipBytes">Size of the whole IP packet.</param>
    /// <param name="reachable">False while either end is down: the packet counts as sent and is lost.</param>
    public LinkVerdict Offer(MonoTime now, int ipBytes, bool reachable = true)
    {
        _counters.Sent++;
        _counters.SentBytes += ipBytes;
        var fate = Admit(now.Nanoseconds, ipBytes, reachable, out var depart);
        if (fate != PacketFate.Carried)
            return LinkVerdict.Dropped(fate);

        var due = Schedule(depart, out var reordered);
        var corruptBit = -1;
        if (Chance(_settings.Corrupt) && ipBytes > WanLimits.IpUdpHeader)
        {
            corruptBit = _random.Next((ipBytes - WanLimits.IpUdpHeader) * 8);
            _counters.Corrupted++;
        }

        var duplicateDue = MonoTime.Never;
        if (Chance(_settings.Duplicate))
        {
            duplicateDue = new(due + DuplicateDelay);
            _counters.Duplicated++;
        }

        return new(PacketFate.Carried, new(due), duplicateDue, corruptBit, reordered);
    }

    /// <summary>A copy reached its host, and the host took it or was down.</summary>
    public void CountArrival(int ipBytes, bool received)
    {
        if (!received)
        {
            _counters.Unreceived++;
            return;
        }

        _counters.Delivered++;
        _counters.DeliveredBytes += ipBytes;
    }

    private PacketFate Admit(long now, int ipBytes, bool reachable, out long depart)
    {
        depart = now;
        if (!reachable || _settings.Down)
        {
            _counters.Lost++;
            return PacketFate.Lost;
        }

        if (ipBytes > _mtu)
        {
            _counters.TooBig++;
            return PacketFate.TooBig;
        }

        if (Lose())
        {
            _counters.Lost++;
            return PacketFate.Lost;
        }

        if (_settings.Rate == Bandwidth.Zero)
            return PacketFate.Carried;
        var start = Math.Max(Serialiser.FreeAt, now);
        if (start - now > _settings.Queue.Nanoseconds)
        {
            _counters.Overflowed++;
            return PacketFate.Overflowed;
        }

        depart = Serialiser.FreeAt = start + _settings.Rate.TimeFor(ipBytes).Nanoseconds;
        return PacketFate.Carried;
    }

    /// <summary>Gilbert's two states: inside a burst every packet is lost, outside none.</summary>
    private bool Lose()
    {
        if (_settings.Loss <= 0)
            return false;
        if (_settings.Burst <= 1)
            return _random.Uniform() < _settings.Loss;
        _inBurst = _inBurst ? _random.Uniform() >= _leaveBurst : _random.Uniform() < _enterBurst;
        return _inBurst;
    }

    private long Schedule(long depart, out bool reordered)
    {
        var delay = _settings.Delay.Nanoseconds;
        var jitter = _settings.Jitter.Nanoseconds;
        if (jitter > 0)
            delay += (long)(Math.Abs(_random.Normal()) * jitter);
        reordered = Chance(_settings.Reorder);
        if (reordered)
        {
            _counters.Reordered++;
            return depart + (_settings.Delay.Nanoseconds / 2);
        }

        return _lastDue = Math.Max(_lastDue, depart + delay);
    }

    private bool Chance(double share) => share > 0 && _random.Uniform() < share;
}
