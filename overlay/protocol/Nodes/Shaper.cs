using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// Shares the rate of a node's uplink among its links (docs/decisions/0009): says when the next datagram may go, whose it is, and
/// what it is for. It holds no packets; <see cref="Uplink"/> tells it what each link could send, asks whose turn it is, and tells
/// it what went. With no rate it is off. Invariants: over any time no more goes than the rate allows and one
/// <see cref="BurstOf"/>; whoever wants to send is in line; a line that waits gets its share of what more urgent ones send.
/// </summary>
internal sealed class Shaper
{
    /// <summary>As many as <see cref="Urgency"/> has kinds, in that order.</summary>
    public const int Lines = 4;

    private const int SignalLine = 2;
    private const int BulkLine = 3;

    private readonly ShaperLine[] _lines = [new(0), new(1), new(2), new(3)];
    private readonly int[] _owed = new int[Lines];
    private Pacer _pacer;
    private int _waiting;
    private int _turn;

    /// <summary>In bytes of IP packets; zero for no limit.</summary>
    public Bandwidth Rate { get; set; }

    public bool IsOn => Rate != Bandwidth.Zero;

    /// <summary>When the next datagram may go, if there is one that waits.</summary>
    public MonoTime NextTimeout => _waiting == 0 ? MonoTime.Never : _pacer.NextAt;

    /// <summary>What somebody may send before others in his line: at high rates more than a datagram, so that those to one peer go together.</summary>
    private int TurnBytes => (int)Math.Max(NodeLimits.LeastTurn, Pacer.QuantumOf(Rate) / NodeLimits.TurnsInQuantum);

    /// <summary>What may go at once after a pause.</summary>
    public static long BurstOf(Bandwidth rate) => Pacer.QuantumOf(rate) + NodeLimits.LeastTurn;

    /// <summary>Whoever holds the ticket could send this now, and nothing else.</summary>
    public void Update(MonoTime now, ShaperTicket ticket, Urgency wants)
    {
        for (var line = 0; line < Lines; line++)
        {
            var kind = (Urgency)(1 << line);
            var (before, after) = (ticket.Wants & kind, wants & kind);
            if (before == after)
                continue;
            var change = before == Urgency.None ? 1 : -1;
            _waiting += change;
            _lines[line].Waiting += change;
            if (after == Urgency.None)
                continue;
            ticket.Since(line) = now;
            if ((ticket.Lines & kind) != Urgency.None)
                continue;
            ticket.Lines |= kind;
            _lines[line].Add(ticket, TurnBytes);
        }

        ticket.Wants = wants;
    }

    /// <summary>Whose turn it is, and for what. <see cref="OnSent"/> or <see cref="Update"/> with less follows.</summary>
    public bool TryNext(MonoTime now, out ShaperTicket ticket, out Urgency turn)
    {
        (ticket, turn) = (null!, Urgency.None);
        if (_waiting == 0 || !_pacer.MaySend(now))
            return false;
        _turn = Choose();
        turn = (Urgency)(1 << _turn);
        while (_lines[_turn].TryPeek(out ticket) && (ticket.Wants & turn) == Urgency.None)
        {
            _lines[_turn].Take();
            ticket.Lines &= ~turn;
        }

        return true;
    }

    /// <summary>Whose turn it was has sent so many bytes, the IP header's included.</summary>
    public void OnSent(MonoTime now, ShaperTicket ticket, int bytes)
    {
        _pacer.OnSent(now, bytes, Rate);
        _lines[_turn].OnSent(bytes, TurnBytes);
        ticket.Since(_turn) = now;
        _owed[_turn] = Math.Max(0, _owed[_turn] - (bytes * NodeLimits.ShaperShares));
        Owe(SignalLine, bytes * NodeLimits.ShaperSignalShares);
        Owe(BulkLine, bytes * NodeLimits.ShaperBulkShares);
    }

    /// <summary>Takes the first of a line out of it; false when all lines are empty. For when the shaper is switched off.</summary>
    public bool TryDismiss(out ShaperTicket ticket)
    {
        ticket = null!;
        for (var line = 0; line < Lines; line++)
        {
            if (!_lines[line].TryPeek(out ticket))
                continue;
            _lines[line].Take();
            ticket.Lines &= ~(Urgency)(1 << line);
            Update(MonoTime.Zero, ticket, Urgency.None);
            return true;
        }

        return false;
    }

    /// <summary>A line that waits is owed a part of what went before it, up to one datagram.</summary>
    private void Owe(int line, int shares)
    {
        if (_lines[line].Waiting == 0)
            _owed[line] = 0;
        else if (line > _turn)
            _owed[line] = Math.Min(_owed[line] + shares, NodeLimits.LeastTurn * NodeLimits.ShaperShares);
    }

    private int Choose()
    {
        if (_lines[0].Waiting > 0)
            return 0;
        for (var line = BulkLine; line >= SignalLine; line--)
        {
            if (_lines[line].Waiting > 0 && _owed[line] >= NodeLimits.LeastTurn * NodeLimits.ShaperShares)
                return line;
        }

        var first = 1;
        while (_lines[first].Waiting == 0)
            first++;
        return first;
    }
}
