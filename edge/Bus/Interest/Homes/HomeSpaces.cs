using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>
/// The spaces that this edge hears of as a home, and what it may do for each: a home that has just become one gives no slices before all edges
/// have told what they have, and confirms nothing before those who go by another's word do so no more. See docs/decisions/0053.
/// </summary>
internal sealed class HomeSpaces
{
    private readonly InterestShared _shared;
    private readonly Dictionary<byte[], HomeSpace> _spaces;
    private readonly Dictionary<byte[], HomeSpace>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly HashSet<HomeSpace> _unsettled = [];

    public HomeSpaces(InterestShared shared)
    {
        _shared = shared;
        _spaces = new(new NameComparer(shared.Seed));
        _byName = _spaces.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _spaces.Count;

    /// <summary>Some may not confirm yet.</summary>
    public bool AreUnsettled => _unsettled.Count > 0;

    public Dictionary<byte[], HomeSpace>.ValueCollection All => _spaces.Values;

    public HomeSpace? Find(ReadOnlySpan<byte> name) => _byName.TryGetValue(name, out var space) ? space : null;

    public HomeSpace Get(ReadOnlySpan<byte> name)
    {
        if (_byName.TryGetValue(name, out var space))
            return space;
        space = new(name.ToArray());
        _spaces.Add(space.Name, space);
        Place(space);
        return space;
    }

    public void DropIfEmpty(HomeSpace space)
    {
        if (!space.IsEmpty)
            return;
        _spaces.Remove(space.Name);
        _unsettled.Remove(space);
    }

    /// <summary>Whether this edge is of the pair, and since when; true when it was and is no more.</summary>
    public bool Place(HomeSpace space)
    {
        var wasMine = space.IsMine;
        space.IsMine = _shared.Views.PairOf(space.Name).Contains(_shared.Self);
        if (!space.IsMine)
        {
            (space.IsOpen, space.IsSettled) = (false, false);
            _unsettled.Remove(space);
            return wasMine;
        }

        if (wasMine)
            return false;
        space.Tenure = _shared.Views.TenureOf(space.Name, _shared.Self);
        if (!IsSettled(space))
            _unsettled.Add(space);
        return false;
    }

    /// <summary>Those that may confirm from now on.</summary>
    public void TakeSettled(List<HomeSpace> settled)
    {
        foreach (var space in _unsettled)
        {
            if (IsSettled(space))
                settled.Add(space);
        }

        _unsettled.ExceptWith(settled);
    }

    /// <summary>All members have told what they have, or were given the time to.</summary>
    public bool IsOpen(HomeSpace space)
    {
        if (!space.IsOpen && space.IsMine)
            space.IsOpen = IsOpen(space.Tenure);
        return space.IsOpen;
    }

    /// <summary>The same of any space of which this edge is a home.</summary>
    public bool IsOpen(ReadOnlySpan<byte> name) => Find(name) is { } space ? IsOpen(space) : IsOpen(_shared.Views.TenureOf(name, _shared.Self));

    private bool IsOpen(HomeTenure tenure)
    {
        if (tenure.Since + InterestLimits.OpenAnyway <= _shared.Now)
            return true;
        foreach (var peer in _shared.Peers.Values)
        {
            if (peer.Complete < tenure.Version)
                return false;
        }

        return true;
    }

    private bool IsSettled(HomeSpace space) => space.IsSettled = space.IsSettled || _shared.IsAlone || space.Tenure.Since + InterestLimits.Settle <= _shared.Now;
}
