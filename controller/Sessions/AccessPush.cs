using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Controller.Core;

namespace WeCan.Controller.Sessions;

/// <summary>
/// Leads the edge of one session to the newest access to the bus, from the moment on at which it says what it holds. It queues nothing: it remembers
/// what the edge will hold when all that was polled has arrived, and makes the next frame from the newest there is when it is asked for one.
/// </summary>
internal sealed class AccessPush(AccessBook book)
{
    private AccessVersion? _sent;
    private bool _wantsAll;
    private IEnumerator<AccessMessage>? _pieces;
    private AccessVersion _pushing;
    private MonoTime _wholeFrom;

    /// <summary>When it has something to say that it may not say yet.</summary>
    public MonoTime NextTimeout { get; private set; } = MonoTime.Never;

    /// <summary>What the edge has on its disk, by its own word; null for one that has said nothing.</summary>
    public AccessVersion? Acknowledged { get; private set; }

    public void Take(AccessHeldMessage held)
    {
        Acknowledged = held.Version;
        _sent ??= held.Version;
        if (held.WantsAll)
            (_wantsAll, _pieces) = (true, null);
    }

    /// <summary>Once is enough: a connection that is busy writing is not to wake its loop again and again.</summary>
    public void HandleTimeout(MonoTime now)
    {
        if (now >= NextTimeout)
            NextTimeout = MonoTime.Never;
    }

    public bool TryTake(MonoTime now, out ControlMessage? message)
    {
        message = null;
        if (_sent is null || (_pieces is null && !TryBegin(now)) || !_pieces!.MoveNext())
            return false;
        message = _pieces.Current;
        if (_pieces.Current.IsLast)
            (_sent, _pieces) = (_pushing, null);
        return true;
    }

    private bool TryBegin(MonoTime now)
    {
        var newest = book.Version;
        if (!_wantsAll && _sent == newest)
            return false;

        // Who was served by another controller may hold the very same: what it holds is called by another number then, and nothing else is sent.
        var changes = _wantsAll ? null : _sent!.Value.Mark == newest.Mark ? [] : book.Since(_sent.Value);
        if (changes is not null)
        {
            (_pieces, _pushing) = (AccessMessage.Cut(_sent, newest, changes).GetEnumerator(), newest);
            return true;
        }

        if (now < _wholeFrom)
        {
            NextTimeout = _wholeFrom;
            return false;
        }

        // Cut from what is there now: the book may change before the last piece is asked for.
        IReadOnlyList<AccessRecord> all = [.. book.Rows.Select(row => row.Record)];
        _wholeFrom = now + ControlLimits.SnapshotInterval;
        (_wantsAll, _pieces, _pushing) = (false, AccessMessage.Cut(null, newest, all).GetEnumerator(), newest);
        return true;
    }
}
