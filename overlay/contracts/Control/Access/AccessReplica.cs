namespace WeCan.Contracts.Control.Access;

/// <summary>
/// What an edge holds of the access to the bus. Fed by a session, or from its disk with the same messages. It keeps to the rules of the
/// routes' replica: what has changed is applied only to exactly the version that it starts from, and only whole; what is held after it has the
/// mark that was promised, or else nothing is changed. Without a controller it stays as it is.
/// </summary>
public sealed class AccessReplica
{
    private readonly SortedDictionary<(AccessKind Kind, string Name), AccessRecord> _records = new(AccessRecord.Order);
    private readonly List<AccessRecord> _staged = [];
    private AccessVersion? _stagedFrom;
    private AccessVersion _stagedVersion;
    private uint _nextPiece;

    public AccessVersion Version { get; private set; }

    /// <summary>In ascending order.</summary>
    public IReadOnlyCollection<AccessRecord> Records => _records.Values;

    /// <summary>
    /// Takes the next piece; with the last one, the whole is applied. False where it does not follow from what is held or from the
    /// pieces before it, or is more than an edge keeps: these are forgotten, nothing is changed, and the whole is needed. A piece of number 0
    /// always begins anew.
    /// </summary>
    public bool TryAdd(AccessMessage piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        if (piece.Piece == 0)
        {
            ForgetPieces();
            (_stagedFrom, _stagedVersion) = (piece.From, piece.Version);
        }

        var isNext = piece.Piece == _nextPiece && piece.Version == _stagedVersion && piece.From == _stagedFrom
            && (piece.From is null || piece.From == Version)
            && _staged.Count + piece.Records.Count <= ControlLimits.MaxAccessRecords
            && (_staged.Count == 0 || piece.Records.Count == 0 || AccessRecord.ByName.Compare(_staged[^1], piece.Records[0]) < 0);
        if (isNext)
        {
            _staged.AddRange(piece.Records);
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

    /// <summary>All of it as pieces: what an edge writes to its disk, to feed it to a new replica after a restart.</summary>
    public IEnumerable<AccessMessage> ToMessages() => AccessMessage.Cut(null, Version, _records.Values);

    private bool TryApply()
    {
        var (mark, count) = _stagedFrom is null ? (0UL, 0) : (Version.Mark, _records.Count);
        foreach (var record in _staged)
        {
            var before = _stagedFrom is null ? null : _records.GetValueOrDefault((record.Kind, record.Name));
            mark += record.Mark - (before?.Mark ?? 0);
            count += (record.IsGone ? 0 : 1) - (before is null ? 0 : 1);
        }

        if (mark != _stagedVersion.Mark || count > ControlLimits.MaxAccessRecords)
            return false;
        if (_stagedFrom is null)
            _records.Clear();
        foreach (var record in _staged)
        {
            if (record.IsGone)
                _records.Remove((record.Kind, record.Name));
            else
                _records[(record.Kind, record.Name)] = record;
        }

        Version = _stagedVersion;
        ForgetPieces();
        _staged.Capacity = 0;
        return true;
    }
}
