using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// Which of the two datagram sizes the path carries: base until a probe of the full size was acknowledged, base again
/// when several full datagrams in a row have vanished.
/// </summary>
internal sealed class PathMtu
{
    private int _probesLeft = LinkLimits.MtuProbes;
    private int _lostInARow;
    private bool _probeInFlight;

    public int DatagramSize { get; private set; } = WireLimits.BaseDatagram;

    /// <summary>When the next probe is to go; Never while none is.</summary>
    public MonoTime ProbeAt { get; private set; } = MonoTime.Zero;

    public void OnProbeSent()
    {
        _probesLeft--;
        _probeInFlight = true;
        ProbeAt = MonoTime.Never;
    }

    public void OnAcked(in SentPacket packet)
    {
        if (packet.Size > WireLimits.BaseDatagram)
        {
            DatagramSize = WireLimits.FullDatagram;
            _probeInFlight = false;
            ProbeAt = MonoTime.Never;
            _lostInARow = 0;
        }
    }

    public void OnLost(MonoTime now, in SentPacket packet)
    {
        if (packet.IsMtuProbe)
        {
            if (!_probeInFlight)
                return;
            _probeInFlight = false;
            if (_probesLeft == 0)
                _probesLeft = LinkLimits.MtuProbes;
            ProbeAt = _probesLeft == LinkLimits.MtuProbes ? now + LinkLimits.MtuRetry : now;
            return;
        }

        if (packet.Size <= WireLimits.BaseDatagram || ++_lostInARow < LinkLimits.BlackHoleLosses)
            return;
        DatagramSize = WireLimits.BaseDatagram;
        _lostInARow = 0;
        _probesLeft = LinkLimits.MtuProbes;
        ProbeAt = now + LinkLimits.MtuRetry;
    }

    public void Reset()
    {
        DatagramSize = WireLimits.BaseDatagram;
        _probesLeft = LinkLimits.MtuProbes;
        _probeInFlight = false;
        _lostInARow = 0;
        ProbeAt = MonoTime.Zero;
    }
}
