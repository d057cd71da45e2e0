using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// Which packet numbers have come: the replay window, and at the same time all that acknowledgements are made from, so
/// that no list of ranges can grow. Receive times stand in a ring that is rented while packets come.
/// Invariant: bit n of the ring tells of the one number congruent to n that lies in (highest − window, highest].
/// </summary>
internal struct ReceiveWindow
{
    private const int Words = WireLimits.ReplayWindow / 64;
    private const int TimesCapacity = AckFrame.MaxTimes;

    private WindowBits _bits;
    private ulong[]? _times;
    private ulong _next;
    private ulong _floor;
    private ulong _reportedLargest;
    private MonoTime _largestAt;

    /// <summary>One more than the highest number received; 0 at the start.</summary>
    public readonly ulong Next => _next;

    public readonly bool IsNew(ulong number)
    {
        if (number >= _next)
            return true;
        return _next - number <= WireLimits.ReplayWindow && !Contains(number);
    }

    /// <summary>Takes a number that <see cref="IsNew"/>. True when it is the highest so far.</summary>
    public bool Record(ulong number, MonoTime now)
    {
        var highest = number >= _next;
        if (highest)
        {
            ClearUpTo(number);
            _next = number + 1;
            _largestAt = now;
        }

        _bits[(int)(number >> 6) & (Words - 1)] |= 1UL << (int)(number & 63);
        _times ??= RentTimes();
        _times[(int)(number & (TimesCapacity - 1))] = (number << 32) | (uint)now.Microseconds;
        return highest;
    }

    /// <summary>Whether a number is missing among the <paramref name="span"/> just below the highest.</summary>
    public readonly bool HasRecentGap(int span)
    {
        var lowest = _next > (ulong)span + 1 ? _next - 1 - (ulong)span : 0;
        return _next > 1 && RunBelow(_next - 1, lowest, ones: true) < _next - lowest;
    }

    /// <summary>The sender knows of everything up to this number: no later acknowledgement reaches below it.</summary>
    public void ForgetBelow(ulong number) => _floor = Math.Max(_floor, number);

    public void Trim()
    {
        if (_times is not null)
            ArrayPool<ulong>.Shared.Return(_times);
        _times = null;
    }

    /// <summary>Writes an ACK frame into the room that there is; returns how many ranges it reached beyond the first.</summary>
    public int WriteAck(ref WireWriter writer, MonoTime now)
    {
        var largest = _next - 1;
        var floor = Math.Max(_floor, _next > WireLimits.ReplayWindow ? _next - WireLimits.ReplayWindow : 0);
        writer.WriteByte(FrameType.Ack);
        writer.WriteUInt32((uint)largest);
        writer.WriteVarInt((ulong)Math.Max(0, (now - _largestAt).Microseconds));
        var countAt = writer.Reserve(1);
        var run = RunBelow(largest, floor, ones: true);
        writer.WriteVarInt(run - 1);
        var ranges = WriteRanges(ref writer, largest - run, floor, run <= largest);
        countAt[0] = (byte)ranges;
        WriteTimes(ref writer, largest);
        _reportedLargest = largest;
        return ranges;
    }

    private readonly int WriteRanges(ref WireWriter writer, ulong below, ulong floor, bool any)
    {
        var ranges = 0;
        while (any && below >= floor && ranges < AckFrame.MaxRanges && writer.Room >= 4 + 4 + 1)
        {
            var gap = RunBelow(below, floor, ones: false);
            if (gap > below || below - gap < floor)
                break;
            var high = below - gap;
            var length = RunBelow(high, floor, ones: true);
            if (length == 0)
                break;
            writer.WriteVarInt(gap - 1);
            writer.WriteVarInt(length - 1);
            ranges++;
            if (length > high)
                break;
            below = high - length;
        }

        return ranges;
    }

    private readonly void WriteTimes(ref WireWriter writer, ulong largest)
    {
        var countAt = writer.Reserve(1);
        var count = 0;
        var previous = (uint)_largestAt.Microseconds;
        var stop = Math.Max(_reportedLargest, largest >= TimesCapacity ? largest - TimesCapacity + 1 : 0);
        for (var number = largest; _times is not null && number > stop && writer.Room >= 8 && count < AckFrame.MaxTimes;)
        {
            number--;
            var entry = _times[(int)(number & (TimesCapacity - 1))];
            if (!Contains(number))
                continue;
            if ((uint)(entry >> 32) != (uint)number)
                break;
            var at = (uint)entry;
            writer.WriteSignedVarInt((int)(previous - at));
            previous = at;
            count++;
        }

        countAt[0] = (byte)count;
    }

    /// <summary>Without the numbers of whoever had the array before: a time must not depend on that.</summary>
    private static ulong[] RentTimes()
    {
        var times = ArrayPool<ulong>.Shared.Rent(TimesCapacity);
        Array.Fill(times, ulong.MaxValue);
        return times;
    }

    private readonly bool Contains(ulong number) =>
        (_bits[(int)(number >> 6) & (Words - 1)] & (1UL << (int)(number & 63))) != 0;

    /// <summary>How many numbers in a row, from this one down to the floor, were received (or were not).</summary>
    private readonly ulong RunBelow(ulong number, ulong floor, bool ones)
    {
        ulong run = 0;
        var most = number - floor + 1;
        while (true)
        {
            var bit = (int)(number & 63);
            var word = _bits[(int)(number >> 6) & (Words - 1)];
            var aligned = (ones ? ~word : word) << (63 - bit);
            var inWord = Math.Min(BitOperations.LeadingZeroCount(aligned), bit + 1);
            run += (ulong)inWord;
            if (inWord <= bit || number - (ulong)bit <= floor)
                break;
            number -= (ulong)bit + 1;
        }

        return Math.Min(run, most);
    }

    private void ClearUpTo(ulong number)
    {
        if (number - _next >= WireLimits.ReplayWindow)
        {
            _bits = default;
            return;
        }

        for (var at = _next; at < number; at++)
        {
            if ((at & 63) == 0 && number - at >= 64)
            {
                _bits[(int)(at >> 6) & (Words - 1)] = 0;
                at += 63;
                continue;
            }

            _bits[(int)(at >> 6) & (Words - 1)] &= ~(1UL << (int)(at & 63));
        }

        _bits[(int)(number >> 6) & (Words - 1)] &= ~(1UL << (int)(number & 63));
    }

    [InlineArray(Words)]
    private struct WindowBits
    {
        private ulong _first;
    }
}
