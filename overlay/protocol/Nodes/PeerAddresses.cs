using System.Runtime.InteropServices;
using WeCan.Contracts;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// Where a member is called, in the order in which it is tried: where its last link was, advertised or not, then what is
/// advertised as it was given, but the two families by turns, so that one that leads nowhere costs a step and not all of
/// them. What is no single host's address is left out, as is what was named before. Where nothing is advertised the
/// member is not called at all. Invariant: at most <see cref="NodeLimits.MaxAddresses"/> and that one more.
/// </summary>
internal sealed class PeerAddresses
{
    private readonly List<NetAddress> _advertised = [];
    private readonly List<NetAddress> _order = [];
    private NetAddress _last;

    public int Count => _order.Count;

    public NetAddress this[int place] => _order[place];

    public bool Contains(NetAddress address) => _order.Contains(address);

    /// <summary>Takes what is advertised from now on. True when that is news.</summary>
    public bool Set(ReadOnlySpan<NetAddress> advertised)
    {
        Span<NetAddress> known = stackalloc NetAddress[NodeLimits.MaxAddresses];
        var count = 0;
        foreach (var address in advertised)
        {
            if (address.IsUnicast && !known[..count].Contains(address))
                known[count++] = address;
        }

        if (known[..count].SequenceEqual(CollectionsMarshal.AsSpan(_advertised)))
            return false;
        _advertised.Clear();
        _advertised.AddRange(known[..count]);
        Arrange();
        return true;
    }

    /// <summary>The member was here when its link ended: this is tried first.</summary>
    public void Prefer(NetAddress last)
    {
        if (last == _last)
            return;
        _last = last;
        Arrange();
    }

    /// <summary>Nothing came from where the last link was: if nobody advertises that, it is tried no more.</summary>
    public void ForgetStray()
    {
        if (!_advertised.Contains(_last))
            Prefer(NetAddress.None);
    }

    private void Arrange()
    {
        _order.Clear();
        if (_advertised.Count == 0)
            return;
        if (!_last.IsNone)
            _order.Add(_last);
        while (NextInTurn() is { IsNone: false } next)
            _order.Add(next);
    }

    /// <summary>The next of the family that had no turn; of the other where there is none.</summary>
    private NetAddress NextInTurn()
    {
        var other = NetAddress.None;
        foreach (var address in _advertised)
        {
            if (_order.Contains(address))
                continue;
            if (_order.Count == 0 || address.IsIPv4 != _order[^1].IsIPv4)
                return address;
            if (other.IsNone)
                other = address;
        }

        return other;
    }
}
