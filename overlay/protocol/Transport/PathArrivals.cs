using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>What came of one Realtime flow over one route: the totals, and the interval since the last report.</summary>
internal struct PathArrivals
{
    private uint _highest;
    private ushort _received;
    private bool _started;
    private int _interval;
    private int _marked;
    private bool _isStrained;
    private Duration _left;

    public readonly bool HasNews => _interval > 0;

    /// <summary>A packet that came in time; copies of what came over another route count here too.</summary>
    public void Add(uint sequence, Duration left, bool marked, bool strained)
    {
        if (!_started || (int)(sequence - _highest) > 0)
            _highest = sequence;
        _started = true;
        _received++;
        _interval++;
        _marked += marked ? 1 : 0;
        _isStrained |= strained;
        _left += left;
    }

    /// <summary>The entry about the interval, which ends with it.</summary>
    public ReportEntry Take(uint flow, int token)
    {
        var marks = ((_marked * ReportPacket.AllMarked) + _interval - 1) / _interval;
        var left = Math.Min((_left / _interval).Nanoseconds / ReportPacket.LeftUnit.Nanoseconds, ushort.MaxValue);
        var entry = new ReportEntry(flow, token, (ushort)_highest, _received, (byte)marks, _isStrained, (ushort)left);
        (_interval, _marked, _isStrained, _left) = (0, 0, false, Duration.Zero);
        return entry;
    }
}
