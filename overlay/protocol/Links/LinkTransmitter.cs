using WeCan.Contracts;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// Decides which frames make the next datagram of a link, and seals it: acknowledgements, rekeying, probes, and as much data
/// as window and pace allow. Driven by its <see cref="Link"/>. Invariant: a datagram is built once and sealed once.
/// </summary>
internal sealed class LinkTransmitter(LinkOptions options, LinkSender sender, LinkReceiver receiver, Liveness liveness, LinkKeys keys, LinkCounters counters, MonoTime now)
{
    /// <summary>The longest head of a DATA frame that ends its packet.</summary>
    private const int LongHeader = DataFrame.MinHeader + DataFrame.PieceField;

    private const int TimeFrame = 1 + 4;

    /// <summary>What a repair of several runs needs beside its longest symbol, so that cut packets can be combined too.</summary>
    private const int RepairMargin = 24;

    private MonoTime _lastTimeFrameAt = now - LinkLimits.TimeFrameEvery;
    private MonoTime _lastAckTimeAt = now - LinkLimits.TimeFrameEvery;
    private MonoTime _lastPingedAckAt = now;
    private uint? _trial;
    private Urgency _turn;

    /// <summary>When something went that asks for an acknowledgement.</summary>
    private MonoTime _lastAskedAt = now;

    /// <summary>When a link that has to be fast asks for an answer if nothing else of it did.</summary>
    public MonoTime PingAt(LinkPace pace) => pace == LinkPace.Fast ? CommonBeat.NotAfter(_lastAskedAt + LinkLimits.FastPingEvery) : MonoTime.Never;

    /// <summary>A PING is to go, for want of anything else that asks for an answer.</summary>
    public bool OwesPing { get; set; } = options.IsInitiator;

    /// <summary>When a probe of the datagram size is due; it needs someone who is known to answer.</summary>
    public MonoTime MtuProbeAt => receiver.NextNumber > 0 ? sender.Mtu.ProbeAt : MonoTime.Never;

    /// <summary>Writes the next datagram, if one is to go now; what the link has its turn for is in it, or less.</summary>
    public bool TryPoll(MonoTime now, Span<byte> buffer, Urgency turn, out int length)
    {
        if (sender.Lanes.HasWork)
            sender.LeaveOutNumber(keys.Random);
        sender.EnsureRoom(now);

        // What breaks a silence is rare, and may be whatever waits.
        _turn = sender.OwesProbe ? Urgency.All : turn;
        var probesMtu = (_turn & Urgency.Bulk) != Urgency.None && MtuProbeAt <= now;

        // Data may end its packet without a length, so a probe's padding cannot stand behind it.
        var sendsData = !probesMtu && !sender.OwesShortProbe && ((HasData(now) && sender.MaySendData(now)) || sender.OwesProbe);
        if (sendsData || probesMtu || receiver.AckAt <= now || OwesVital(now))
            return TryBuild(now, buffer, sendsData, probesMtu, out length);
        length = 0;
        return false;
    }

    /// <summary>The kinds of datagrams that could go now.</summary>
    public Urgency Wants(MonoTime now)
    {
        sender.EnsureRoom(now);
        var wants = OwesVital(now) ? Urgency.Vital : Urgency.None;
        if (receiver.AckAt <= now)
            wants |= Urgency.Prompt;
        if (MtuProbeAt <= now)
            wants |= Urgency.Bulk;
        if (!sender.MaySendData(now))
            return wants;
        if (sender.RepairAt <= now)
            wants |= Urgency.Prompt;
        return wants | sender.Lanes.Wants;
    }

    /// <summary>Writes the datagram that says goodbye.</summary>
    public int SealClose(MonoTime now, Span<byte> buffer, CloseReason reason)
    {
        var writer = new WireWriter(buffer[SealedHeader.Length..]);
        writer.WriteByte(FrameType.Close);
        writer.WriteByte((byte)reason);
        var length = SealedHeader.MinDatagram + writer.Length;
        var packet = default(SentPacket);
        Seal(now, buffer[..length], ref packet, elicits: false);
        return length;
    }

    private bool OwesVital(MonoTime now) => OwesPing || sender.OwesProbe || keys.OwesFrame(now) || liveness.OwesDatagram(now);

    private bool HasData(MonoTime now) => _turn == Urgency.All
        ? sender.Lanes.HasWork || sender.RepairAt <= now
        : (sender.Lanes.Wants & _turn) != Urgency.None || IsRepairDue(now);

    private bool IsRepairDue(MonoTime now) => (_turn & Urgency.Prompt) != Urgency.None && sender.RepairAt <= now;

    private bool TryBuild(MonoTime now, Span<byte> buffer, bool sendsData, bool probesMtu, out int length)
    {
        var size = probesMtu ? sender.Mtu.ProbeSize : sender.Mtu.DatagramSize;
        var writer = new WireWriter(buffer[SealedHeader.Length..(size - SealedHeader.TagLength)]);
        var packet = default(SentPacket);
        var elicits = WriteControlFrames(now, ref writer, ref packet, sendsData);
        PacketBuffer? copy = null;
        if (sendsData)
            elicits |= TryWriteRepair(now, ref writer, ref packet, out copy) || WriteData(now, ref writer, ref packet, copy);
        if (!elicits && (OwesPing || probesMtu || sender.OwesProbe))
        {
            writer.WriteByte(FrameType.Ping);
            elicits = true;
        }

        if (writer.Length == 0)
        {
            length = 0;
            return false;
        }

        if (probesMtu)
        {
            writer.Reserve(writer.Room).Clear();
            packet.IsMtuProbe = true;
            sender.Mtu.OnProbeSent();
        }

        if (elicits)
            (OwesPing, _lastAskedAt) = (false, now);
        length = SealedHeader.MinDatagram + writer.Length;
        var number = Seal(now, buffer[..length], ref packet, elicits);
        if (packet.IsRepair)
            sender.Lanes[ServiceClass.Realtime]!.Repair!.OnSent(now, number, length, copy, sender.Conditions);
        return true;
    }

    private ulong Seal(MonoTime now, Span<byte> datagram, ref SentPacket packet, bool elicits)
    {
        var number = sender.OnSending(now, ref packet, datagram.Length, elicits);
        liveness.OnSent(now);
        if (packet.IsMtuProbe)
            _trial = (uint)number;
        SealedHeader.Write(datagram, keys.SendPhase, options.PeerId, number);
        keys.Seal(number, datagram);
        return number;
    }

    /// <summary>TIME, TRIAL, LIFE, ACK and rekeying. True when one of them asks for an acknowledgement.</summary>
    private bool WriteControlFrames(MonoTime now, ref WireWriter writer, ref SentPacket packet, bool sendsData)
    {
        var acknowledges = receiver.OwesAck && (!sendsData || receiver.AckAt <= now);
        if (!sender.IsHeard || now - _lastTimeFrameAt >= LinkLimits.TimeFrameEvery || (acknowledges && OwesAckTime(now)))
        {
            writer.WriteByte(FrameType.Time);
            writer.WriteUInt32(ClockOffset.ToWire(now));
            _lastTimeFrameAt = now;
            _lastAckTimeAt = acknowledges ? now : _lastAckTimeAt;
        }

        if (_trial is { } trial)
        {
            writer.WriteByte(FrameType.Trial);
            writer.WriteUInt32(trial);
            _trial = null;
        }

        if (liveness.OwesDatagram(now) || liveness.GoesAlong(now, sendsData))
            liveness.Write(now, ref writer);
        var elicits = keys.WriteFrames(now, ref writer, sender.Rtt.ProbeTimeout);
        if (!acknowledges)
            return elicits;
        packet.AckReportedNext = receiver.NextNumber;
        var ranges = receiver.WriteAck(ref writer, now);
        if (ranges >= LinkLimits.AckRangesBeforePing && now - _lastPingedAckAt >= sender.Rtt.SmoothedOrInitial)
        {
            _lastPingedAckAt = now;
            OwesPing = true;
        }

        return elicits;
    }

    /// <summary>A clock is learnt best from a datagram that answers; who carries no data has no deadlines to convert.</summary>
    private bool OwesAckTime(MonoTime now) =>
        now - _lastAckTimeAt >= LinkLimits.TimeFrameEvery && liveness.ClaimAt(now) == FastClaim.Traffic;

    /// <summary>
    /// Writes a repair that is due now, which ends the packet. One that covers a single symbol is no frame of its own but
    /// that symbol's <paramref name="copy"/>, still to be written.
    /// </summary>
    private bool TryWriteRepair(MonoTime now, ref WireWriter writer, ref SentPacket packet, out PacketBuffer? copy)
    {
        copy = null;
        if (!IsRepairDue(now))
            return false;
        var lane = sender.Lanes[ServiceClass.Realtime]!;
        var covered = lane.Repair!.Plan(now, sender.Conditions);
        if (covered.IsEmpty)
            return false;
        var length = RepairEncoder.Measure(covered);
        if (length > 0 && length <= writer.Room)
        {
            RepairEncoder.Write(ref writer, ServiceClass.Realtime, lane.Repair.Row, covered);
            packet.IsRepair = true;
            counters.RepairsSent++;
            return true;
        }

        // An acknowledgement has taken the room: it goes by itself, and the repair is due still.
        if (writer.Length > TimeFrame)
            return false;
        if (covered[0].Length + LongHeader > writer.Room)
        {
            lane.StartOver(covered[0]);
            return false;
        }

        copy = covered[0];
        packet.IsRepair = true;
        return false;
    }

    private bool WriteData(MonoTime now, ref WireWriter writer, ref SentPacket packet, PacketBuffer? current)
    {
        var cutAbove = sender.Mtu.DatagramSize - SealedHeader.MinDatagram - LongHeader - TimeFrame - RepairMargin;
        var number = sender.NextNumber;
        var crossing = sender.Crossing;
        current ??= sender.Lanes.TakeNext(now, writer.Room - LongHeader, cutAbove, _turn, crossing);
        var any = current is not null;
        while (current is not null)
        {
            if (current.WasSent)
                counters.SymbolsResent++;
            else if (current.Class == ServiceClass.Realtime)
                sender.Lanes[current.Class]!.OnFirstSent(now, current, sender.Conditions);
            current.WasSent = true;
            current.LastPacket = number;
            packet.TryAdd(current.Class, current.Symbol);
            var used = current.Length + DataFrame.HeaderLength(withLength: true, current.Piece);
            var next = options.Coalesces && packet.RunCount < SentPacket.MaxRuns
                ? sender.Lanes.TakeNext(now, writer.Room - used - LongHeader, cutAbove, _turn, crossing)
                : null;
            DataFrame.Write(ref writer, current.Class, current.Symbol, current.Piece, withLength: next is not null, current.Packet);
            current = next;
        }

        return any;
    }
}
