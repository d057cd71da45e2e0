using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// The datagram size that the path carries, found by trying, in the manner of RFC 8899: from the base size up to what
/// the operator allows, the largest first, then by halves. A size is given up when several probes of it are missing,
/// more where much is lost; what was found is tried to be raised now and then. A black hole, a path that carries less
/// than it did, shows by size alone: again and again a long datagram is missing and a short one, sent later, arrives. A burst of
/// losses takes both. Invariant: only a probe that was acknowledged raises the size.
/// </summary>
internal sealed class PathMtu
{
    /// <summary>Short datagrams over which their loss is averaged.</summary>
    private const double ShortMemory = 32;

    private int _ceiling = WireLimits.FullDatagram;
    private int _tooLarge = WireLimits.FullDatagram + 1;
    private int _tries;
    private bool _probeInFlight;
    private bool _isRaising;
    private Duration _raiseAfter = LinkLimits.MtuRaiseFirst;
    private MonoTime _since;
    private int _vanished;
    private int _smallestVanished = int.MaxValue;
    private MonoTime _countFrom;
    private MonoTime _shortArrived;
    private double _shortLoss;

    public int DatagramSize { get; private set; } = WireLimits.BaseDatagram;

    /// <summary>How large the next probe is.</summary>
    public int ProbeSize { get; private set; } = WireLimits.FullDatagram;

    /// <summary>When the next probe is to go; Never while none is.</summary>
    public MonoTime ProbeAt { get; private set; } = MonoTime.Zero;

    /// <summary>Nothing larger is ever sent.</summary>
    public void Limit(int ceiling)
    {
        _ceiling = Math.Clamp(ceiling, WireLimits.BaseDatagram, WireLimits.FullDatagram);
        Restart(_since, _ceiling + 1);
    }

    public void OnProbeSent()
    {
        _tries++;
        _probeInFlight = true;
        ProbeAt = MonoTime.Never;
    }

    public void OnAcked(in SentPacket packet)
    {
        if (packet.IsMtuProbe)
            OnProbeAcked(packet);
        else if (packet.Size <= WireLimits.BaseDatagram)
            OnShortArrived(packet.SentAt);
        else if (packet.Size >= _smallestVanished && packet.SentAt >= _since)
            (_vanished, _smallestVanished) = (0, int.MaxValue);
    }

    public void OnLost(MonoTime now, in SentPacket packet)
    {
        if (packet.IsMtuProbe)
            OnProbeLost(now, packet);
        else if (packet.Size <= WireLimits.BaseDatagram)
            _shortLoss += (1 - _shortLoss) / ShortMemory;
        else if (packet.SentAt >= _countFrom && packet.SentAt < _shortArrived)
            OnVanished(now, packet.Size);
    }

    /// <summary>The path is another one.</summary>
    public void Reset(MonoTime now)
    {
        DatagramSize = WireLimits.BaseDatagram;
        Restart(now, _ceiling + 1);
    }

    /// <summary>How often in a row chance loses a datagram so rarely, by what is lost of short ones: no size explains their loss.</summary>
    private int TimesFor(double chance) =>
        (int)Math.Ceiling(Math.Log(chance) / Math.Log(Math.Min(0.5, (_shortLoss * 1.5) + 0.02)));

    private void OnShortArrived(MonoTime sentAt)
    {
        _shortArrived = MonoTime.Max(_shortArrived, sentAt);
        _shortLoss -= _shortLoss / ShortMemory;
    }

    private void OnProbeAcked(in SentPacket packet)
    {
        if (packet.Size <= DatagramSize || packet.SentAt < _since)
            return;
        DatagramSize = packet.Size;
        if (_isRaising || packet.Size >= _tooLarge)
            (_tooLarge, _isRaising, _raiseAfter) = (_ceiling + 1, false, LinkLimits.MtuRaiseFirst);
        _probeInFlight = false;
        Next(packet.SentAt);
    }

    private void OnProbeLost(MonoTime now, in SentPacket packet)
    {
        if (!_probeInFlight || packet.Size != ProbeSize)
            return;
        _probeInFlight = false;
        ProbeAt = now;
        if (_tries < Math.Max(LinkLimits.MtuProbes, TimesFor(0.01)))
            return;
        if (_isRaising)
            _raiseAfter = Duration.Min(_raiseAfter * 2, LinkLimits.MtuRaiseLast);
        else
            _tooLarge = ProbeSize;
        Next(now);
    }

    /// <summary>A long datagram is missing though a short one that was sent later has come; each such pair counts once.</summary>
    private void OnVanished(MonoTime now, int size)
    {
        _countFrom = _shortArrived;
        _smallestVanished = Math.Min(_smallestVanished, size);
        if (++_vanished < Math.Max(LinkLimits.BlackHolePairs, TimesFor(1e-6)))
            return;
        DatagramSize = WireLimits.BaseDatagram;
        Restart(now, _smallestVanished);
    }

    private void Restart(MonoTime now, int tooLarge)
    {
        (_since, _tooLarge) = (now, tooLarge);
        (_probeInFlight, _isRaising, _raiseAfter) = (false, false, LinkLimits.MtuRaiseFirst);
        (_vanished, _smallestVanished, _countFrom) = (0, int.MaxValue, now);
        Next(now);
    }

    private void Next(MonoTime now)
    {
        _tries = 0;
        ProbeAt = now;
        if (DatagramSize >= _ceiling)
        {
            ProbeAt = MonoTime.Never;
        }
        else if (_tooLarge > _ceiling)
        {
            ProbeSize = _ceiling;
        }
        else if (_tooLarge - DatagramSize > LinkLimits.MtuStep)
        {
            ProbeSize = (DatagramSize + _tooLarge) / 2;
        }
        else
        {
            _isRaising = true;
            ProbeSize = Math.Min(_ceiling, DatagramSize + (2 * LinkLimits.MtuStep));
            ProbeAt = now + _raiseAfter;
        }
    }
}
