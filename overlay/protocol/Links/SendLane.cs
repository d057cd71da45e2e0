using System.Buffers;
using WeCan.Contracts;
using WeCan.Protocol.Repair;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// One class's way out over a link: what waits for its first sending, what is sent and not yet acknowledged (by symbol
/// number, in a ring), and what is to be sent again. The lane owns every buffer in it.
/// Invariants: outstanding symbols lie in [_base, _next), which never spans more than the receiver's window; a buffer
/// is in exactly one of queue, window, or (acknowledged while awaiting its resend) the resend list alone.
/// </summary>
internal sealed class SendLane(PacketPool pool, DropCounters drops, ResendBudget resends)
{
    private const int FirstCapacity = 32;

    private ClassQueue _queue;
    private PacketList _resend;
    private PacketBuffer? _secondPiece;
    private PacketBuffer?[]? _window;
    private int _capacity;
    private ulong _base;
    private ulong _next;
    private int _awaitingResend;
    private LaneRepair? _repair;
    private OverloadWatch _overload;

    public int QueuedCount => _queue.Count;

    public long QueuedBytes => _queue.Bytes;

    /// <summary>Symbols between the oldest that is not acknowledged and the newest that was sent.</summary>
    public int OutstandingSpan => (int)(_next - _base);

    public bool AwaitsResend => _awaitingResend > 0;

    /// <summary>When a packet was last let go that had waited for too long; long ago if none was.</summary>
    public MonoTime ShedAt { get; private set; } = new(long.MinValue / 2);

    /// <summary>Whether anything could go now, were there room in flight.</summary>
    public bool HasWork => (_awaitingResend > 0 && resends.Allows) || _secondPiece is not null || (!_queue.IsEmpty && HasSymbolRoom);

    /// <summary>What plans the repair of Realtime packets, once there were any; null for other classes.</summary>
    public LaneRepair? Repair => _repair;

    /// <summary>Room for a packet and, should it be cut, for its second piece.</summary>
    private bool HasSymbolRoom => _next - _base < WireLimits.SymbolWindow - 2;

    /// <summary>How long the next packet has waited for its first sending.</summary>
    public Duration WaitOf(MonoTime now) => _queue.Peek() is { } first ? now - first.EnqueuedAt : Duration.Zero;

    /// <summary>Takes ownership of the packet. Where the queue is full, a packet goes: this or a staler one.</summary>
    public void Enqueue(MonoTime now, PacketBuffer packet)
    {
        packet.EnqueuedAt = now;
        packet.HeldSince = MonoTime.Min(packet.HeldSince, now);
        if (_queue.Add(packet) is { } victim)
            Drop(victim, DropReason.QueueFull);
    }

    /// <summary>
    /// What goes next, if it fits into <paramref name="room"/> bytes of content: resends first, if they are not too many. Packets for which it is
    /// too late are let go on the way; a packet longer than <paramref name="cutAbove"/> is cut in two. Null when nothing fits or waits.
    /// </summary>
    public PacketBuffer? TakeNext(MonoTime now, int room, int cutAbove, in Crossing crossing)
    {
        DropStale(now, cutAbove, crossing);
        if (resends.Allows && _resend.First is { } again)
            return again.Length <= room ? TakeResend() : null;
        if (_secondPiece is { } second)
        {
            if (second.Length > room)
                return null;
            _secondPiece = null;
            return Admit(second);
        }

        if (_queue.Peek() is not { } fresh || !HasSymbolRoom || Math.Min(fresh.Length, cutAbove) > room)
            return null;
        _queue.Take();
        if (fresh.Length > cutAbove && !Cut(fresh, cutAbove))
            return null;
        return Admit(fresh);
    }

    /// <summary>Symbols that will soon be acknowledged: what has to be looked at then is asked for now.</summary>
    public void Expect(ulong first, int count)
    {
        for (var symbol = first; symbol < first + (ulong)count; symbol++)
            CacheLines.Fetch(Find(symbol), PacketBuffer.Lines);
    }

    public void OnAcked(ulong symbol)
    {
        if (Find(symbol) is not { } packet)
            return;
        resends.Earn(packet.Length);
        Release(packet);
        if (!packet.IsAwaitingResend)
            pool.Return(packet);
    }

    /// <summary>A Realtime packet leaves for the first time.</summary>
    public void OnFirstSent(MonoTime now, PacketBuffer packet, in RepairConditions conditions)
    {
        _repair ??= new LaneRepair(this);
        _repair.OnFirstSent(now, packet, conditions);
    }

    /// <summary>A packet that carried the symbol was lost: repair it, unless a newer packet carries it or time is up.</summary>
    public void OnLost(MonoTime now, ulong symbol, ulong lostPacket, in RepairConditions conditions)
    {
        if (Find(symbol) is not { } packet || packet.LastPacket != lostPacket || packet.IsAwaitingResend || packet.IsUnderRepair)
            return;
        if (!packet.Deadline.IsNever && now + conditions.OneWay > packet.Deadline)
            Abandon(packet);
        else if (_repair is null || !_repair.TryAdd(now, packet, conditions))
            Resend(packet);
    }

    /// <summary>The planned repair of a packet has come to its end: it has arrived, or its time is up.</summary>
    public void OnRepaired(ulong symbol, bool hasFailed)
    {
        if (Find(symbol) is not { } packet)
            return;
        packet.IsUnderRepair = false;
        Release(packet);
        if (hasFailed)
            drops.Add(DropReason.Expired);
        if (!packet.IsAwaitingResend)
            pool.Return(packet);
    }

    /// <summary>The outstanding packet of that number; null when it is outstanding no more.</summary>
    public PacketBuffer? Find(ulong symbol) => symbol >= _base && symbol < _next ? Slot(symbol) : null;

    /// <summary>Puts the oldest outstanding symbol in line again, to probe a link that has gone quiet. False when there is none.</summary>
    public bool ResendOldest()
    {
        if (_base == _next || Find(_base) is not { } packet)
            return false;
        if (!packet.IsAwaitingResend)
            Resend(packet);
        return true;
    }

    /// <summary>
    /// The link has died: gives away the packets that it holds, those sent and not acknowledged first, in order. A cut one
    /// is put together again if both pieces are here; what else there is stays for <see cref="Clear"/>.
    /// </summary>
    public void TakeHeld(ref PacketList held)
    {
        _repair = null;
        while (_resend.Take() is { } packet)
        {
            packet.IsAwaitingResend = false;
            if (!packet.IsOutstanding)
                pool.Return(packet);
        }

        for (var symbol = _base; symbol < _next; symbol++)
        {
            if (Slot(symbol) is not { } packet || packet.Piece == 1 || (packet.Piece == 0 && !TryJoin(packet)))
                continue;
            Slot(symbol) = null;
            packet.LeaveLink();
            held.Add(packet);
        }

        while (_queue.Take() is { } packet)
        {
            packet.LeaveLink();
            held.Add(packet);
        }
    }

    /// <summary>The link has died: everything goes, counted.</summary>
    public void Clear()
    {
        _repair = null;
        while (_queue.Take() is { } packet)
            Drop(packet, DropReason.LinkDied);
        while (_resend.Take() is { } packet)
        {
            packet.IsAwaitingResend = false;
            if (!packet.IsOutstanding)
                pool.Return(packet);
        }

        for (; _base < _next; _base++)
        {
            ref var slot = ref Slot(_base);
            if (slot is { } packet)
                Drop(packet, DropReason.LinkDied);
            slot = null;
        }

        if (_secondPiece is not null)
            Drop(_secondPiece, DropReason.LinkDied);
        _secondPiece = null;
        _awaitingResend = 0;
        Trim();
    }

    public void Trim()
    {
        if (_repair is { IsIdle: true })
            _repair = null;
        if (_window is null || _base != _next)
            return;
        ArrayPool<PacketBuffer?>.Shared.Return(_window, clearArray: true);
        _window = null;
        _capacity = 0;
    }

    /// <summary>Brings what can be sent to the head of both lists: lets go what was acknowledged meanwhile or comes too late.</summary>
    private void DropStale(MonoTime now, int cutAbove, in Crossing crossing)
    {
        while (_resend.First is { } again && (!again.IsOutstanding || crossing.IsTooLate(now, again) || again.Length > cutAbove))
        {
            TakeResend();
            if (!again.IsOutstanding)
                pool.Return(again);
            else if (crossing.IsTooLate(now, again))
                Abandon(again);
            else
                StartOver(again);
        }

        while (_queue.Peek() is { } fresh && _overload.IsToGo(now, fresh, crossing))
        {
            ShedAt = now;
            Drop(_queue.Take()!, crossing.IsTooLate(now, fresh) ? DropReason.Expired : DropReason.Shed);
        }
    }

    private void Resend(PacketBuffer packet)
    {
        packet.IsAwaitingResend = true;
        _resend.Add(packet);
        _awaitingResend++;
    }

    private PacketBuffer TakeResend()
    {
        var packet = _resend.Take()!;
        packet.IsAwaitingResend = false;
        _awaitingResend--;
        return packet;
    }

    private PacketBuffer Admit(PacketBuffer packet)
    {
        packet.Symbol = _next;
        packet.IsOutstanding = true;
        while (_next - _base >= (ulong)_capacity)
            Grow();
        Slot(_next++) = packet;
        return packet;
    }

    /// <summary>
    /// Cuts a packet that is to be admitted now. Its second piece must bear the next symbol, so it waits apart, ahead of
    /// all that is new. False, and the packet dropped, when there is no buffer for it.
    /// </summary>
    private bool Cut(PacketBuffer packet, int cutAbove)
    {
        var second = pool.TryRent(packet.Length - cutAbove);
        if (second is null)
        {
            Drop(packet, DropReason.OutOfBuffers);
            return false;
        }

        packet.Packet[cutAbove..].CopyTo(second.Packet);
        packet.Length = cutAbove;
        packet.Piece = 0;
        second.Piece = 1;
        second.Class = packet.Class;
        second.Priority = packet.Priority;
        second.Deadline = packet.Deadline;
        second.HopsAfter = packet.HopsAfter;
        second.EnqueuedAt = packet.EnqueuedAt;
        second.HeldSince = packet.HeldSince;
        _secondPiece = second;
        return true;
    }

    /// <summary>Puts the second piece back behind the first, whose buffer once held both.</summary>
    private bool TryJoin(PacketBuffer first)
    {
        var isWaiting = first.Symbol + 1 == _next;
        var second = isWaiting ? _secondPiece : Find(first.Symbol + 1);
        if (second is not { Piece: 1 } || first.Length + second.Length > first.Bytes.Length)
            return false;
        second.Packet.CopyTo(first.Bytes.AsSpan(first.Length));
        first.Length += second.Length;
        if (isWaiting)
            _secondPiece = null;
        else
            Slot(second.Symbol) = null;
        pool.Return(second);
        return true;
    }

    /// <summary>The datagram size has shrunk since this packet was sent whole: it waits again, as new, to be cut.</summary>
    public void StartOver(PacketBuffer packet)
    {
        Release(packet);
        packet.WasSent = false;
        if (packet.Piece == DataFrame.Whole)
            _queue.PutBack(packet);
        else
            Drop(packet, DropReason.OrphanPiece);
    }

    /// <summary>Takes the packet out of the window; whoever calls decides what becomes of the buffer.</summary>
    private void Release(PacketBuffer packet)
    {
        if (packet.IsUnderRepair)
            _repair!.OnGone(packet);
        packet.IsOutstanding = false;
        Slot(packet.Symbol) = null;
        while (_base < _next && Slot(_base) is null)
            _base++;
    }

    private void Abandon(PacketBuffer packet)
    {
        Release(packet);
        Drop(packet, DropReason.Expired);
    }

    private void Drop(PacketBuffer packet, DropReason reason)
    {
        drops.Add(reason);
        pool.Return(packet);
    }

    private ref PacketBuffer? Slot(ulong symbol) => ref _window![(int)(symbol & (ulong)(_capacity - 1))];

    private void Grow()
    {
        var capacity = _capacity == 0 ? FirstCapacity : _capacity * 2;
        var window = ArrayPool<PacketBuffer?>.Shared.Rent(capacity);
        Array.Clear(window);
        for (var symbol = _base; symbol < _next; symbol++)
            window[(int)(symbol & (ulong)(capacity - 1))] = Slot(symbol);
        if (_window is not null)
            ArrayPool<PacketBuffer?>.Shared.Return(_window, clearArray: true);
        _window = window;
        _capacity = capacity;
    }
}
