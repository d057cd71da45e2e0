namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// The routes that a controller computed for one node, as the node holds them. Fed by a session, or from the node's disk with
/// the same messages; asked for what changed by whoever runs the node. It keeps to three rules. What has changed is applied only
/// to exactly the version that it starts from, and only whole. What is held after it has the mark that was promised, or else
/// nothing is changed. Without a controller it stays as it is.
/// </summary>
public sealed class RouteReplica
{
    private readonly Dictionary<RouteKey, DestinationRoutes> _routes = [];
    private readonly Queue<RouteKey> _changes = [];
    private readonly HashSet<RouteKey> _changed = [];
    private readonly List<DestinationRoutes> _staged = [];
    private RoutesVersion? _stagedFrom;
    private RoutesVersion _stagedVersion;
    private uint _nextPiece;

    public RoutesVersion Version { get; private set; }

    public IReadOnlyCollection<DestinationRoutes> Routes => _routes.Values;

    /// <summary>The ways to a destination; none where nothing was said of it.</summary>
    public DestinationRoutes Find(RouteKey key) => _routes.GetValueOrDefault(key);

    /// <summary>
    /// Takes the next piece; with the last one, the whole is applied. False where it does not follow from what is held or from the
    /// pieces before it: these are forgotten, nothing is changed, and all routes are needed. A piece of number 0 always begins anew.
    /// </summary>
    public bool TryAdd(RoutesMessage piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        if (piece.Piece == 0)
        {
            ForgetPieces();
            (_stagedFrom, _stagedVersion) = (piece.From, piece.Version);
        }

        var isNext = piece.Piece == _nextPiece && piece.Version == _stagedVersion && piece.From == _stagedFrom
            && (piece.From is null || piece.From == Version)
            && (_staged.Count == 0 || piece.Routes.Count == 0 || _staged[^1].Key < piece.Routes[0].Key);
        if (isNext)
        {
            _staged.AddRange(piece.Routes);
            _nextPiece++;
            if (!piece.IsLast || TryApply())
                return true;
        }

        ForgetPieces();
        return false;
    }

    /// <summary>Forgets the pieces of what will not be finished: the session that brought them is over.</summary>
    public void ForgetPieces()
    {
        _staged.Clear();
        _nextPiece = 0;
    }

    /// <summary>
    /// The next destination whose ways changed since they were last told, with its ways as they are now, perhaps none. Several
    /// changes that nobody asked for in between are one.
    /// </summary>
    public bool TryTakeChange(out RouteKey key, out DestinationRoutes routes)
    {
        routes = default;
        if (!_changes.TryDequeue(out key))
            return false;
        _changed.Remove(key);
        routes = Find(key);
        return true;
    }

    /// <summary>All routes as pieces: what a node writes to its disk, to feed it to a new replica after a restart.</summary>
    public IEnumerable<RoutesMessage> ToMessages() =>
        RoutesMessage.Cut(null, Version, [.. _routes.Values.OrderBy(routes => routes.Key)]);

    private bool TryApply()
    {
        var mark = _stagedFrom is null ? 0 : Version.Mark;
        foreach (var routes in _staged)
            mark += routes.Mark - (_stagedFrom is null ? 0 : Find(routes.Key).Mark);
        if (mark != _stagedVersion.Mark)
            return false;
        if (_stagedFrom is null)
            DropOthers();
        foreach (var routes in _staged)
            Put(routes);
        Version = _stagedVersion;
        ForgetPieces();
        _staged.Capacity = 0;
        return true;
    }

    private void DropOthers()
    {
        var stay = _staged.Select(routes => routes.Key).ToHashSet();
        foreach (var key in _routes.Keys.Where(key => !stay.Contains(key)).ToList())
            Put(new(key));
    }

    private void Put(DestinationRoutes routes)
    {
        if (routes == Find(routes.Key))
            return;
        if (routes.WayCount > 0)
            _routes[routes.Key] = routes;
        else if (!_routes.Remove(routes.Key))
            return;
        if (_changed.Add(routes.Key))
            _changes.Enqueue(routes.Key);
    }
}
