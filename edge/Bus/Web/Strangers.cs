namespace WeCan.Edge.Bus.Web;

/// <summary>
/// Connections that have not come as far as they must, in the order in which their time began. Where there are too many, who has taken the longest
/// goes first: whoever means it needs a second, so that thousands who say nothing take nobody's place.
/// </summary>
internal sealed class Strangers(int most, TimeSpan atMost, TimeProvider time, Action<Stranger> count)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Stranger> _all = new();

    public int Count
    {
        get
        {
            lock (_lock)
                return _all.Count;
        }
    }

    public Stranger Add(Action abort)
    {
        var stranger = new Stranger(this, abort);
        Enter(stranger);
        return stranger;
    }

    public void Enter(Stranger stranger)
    {
        var tooMany = false;
        lock (_lock)
        {
            if (stranger.Place.List is not null)
                _all.Remove(stranger.Place);
            stranger.Since = time.GetTimestamp();
            _all.AddLast(stranger.Place);
            tooMany = _all.Count > most;
        }

        if (tooMany)
            EndFirst();
    }

    public void Leave(Stranger stranger)
    {
        lock (_lock)
        {
            if (stranger.Place.List is not null)
                _all.Remove(stranger.Place);
        }
    }

    /// <summary>Ends those whose time is over.</summary>
    public void EndLate()
    {
        while (TryTakeFirst(mustBeLate: true, out var late))
            End(late!);
    }

    /// <summary>Ends who has taken the longest, as there is no room.</summary>
    public void EndFirst()
    {
        if (TryTakeFirst(mustBeLate: false, out var first))
            End(first!);
    }

    private void End(Stranger stranger)
    {
        count(stranger);
        stranger.Abort();
    }

    private bool TryTakeFirst(bool mustBeLate, out Stranger? first)
    {
        lock (_lock)
        {
            first = _all.First?.Value;
            if (first is null || (mustBeLate && time.GetElapsedTime(first.Since) < atMost))
                return false;
            _all.RemoveFirst();
            return true;
        }
    }
}
