using WeCan.Contracts;
using WeCan.Hosting.Http;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Web.Posts;

/// <summary>
/// Posted messages on the loop's thread. Each client has one session for all that is posted in its name, kept for a while after the last, so
/// that a message that is posted again with its id is known. Bounded by client, in number and bytes, and by the bounds of sessions.
/// </summary>
internal sealed class PostDesk(BusCore core)
{
    private readonly Dictionary<(string Space, string Client), Poster> _posters = [];
    private readonly List<Poster> _ready = [];
    private readonly PriorityQueue<Poster, MonoTime> _ends = new();

    public bool HasReady => _ready.Count > 0;

    public MonoTime NextTimeout => _ends.TryPeek(out _, out var at) ? at : MonoTime.Never;

    public void Post(MonoTime now, PostOrder order)
    {
        var token = order.Token;
        var key = (token.Space, token.Name);
        if (!_posters.TryGetValue(key, out var poster) || poster.IsOver)
        {
            poster = new(core, token, _ready);
            _posters[key] = poster;
            _ends.Enqueue(poster, poster.LookAt(now));
        }

        poster.Post(now, order);
    }

    public void HandleTimeout(MonoTime now)
    {
        while (_ends.TryPeek(out var poster, out var at) && at <= now)
        {
            _ends.Dequeue();
            poster.EndLate(now);
            if (poster.IsOver || poster.IsIdle(now))
                Remove(now, poster);
            else
                _ends.Enqueue(poster, poster.LookAt(now));
        }
    }

    /// <summary>Hears what the bus has said to posters.</summary>
    public void Settle(MonoTime now)
    {
        for (var at = 0; at < _ready.Count; at++)
            _ready[at].Settle(now);
        _ready.Clear();
    }

    /// <summary>The edge stops: who waits is told.</summary>
    public void Drain()
    {
        foreach (var poster in _posters.Values)
            poster.Fail(new(HttpStatus.ServiceUnavailable, "The edge stops: the message may have been sent all the same."));
    }

    private void Remove(MonoTime now, Poster poster)
    {
        poster.Close(now);
        if (_posters.GetValueOrDefault(poster.Key) == poster)
            _posters.Remove(poster.Key);
    }
}
