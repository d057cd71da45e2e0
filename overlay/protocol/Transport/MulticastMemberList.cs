namespace WeCan.Protocol.Transport;

/// <summary>The multicast flows' destinations that one node is, each knowing its place in the list.</summary>
internal struct MulticastMemberList
{
    private MulticastMember[]? _members;

    public int Count { get; private set; }

    public readonly MulticastMember this[int place] => _members![place];

    public void Add(MulticastMember member)
    {
        if (_members is null || Count == _members.Length)
            Array.Resize(ref _members, Math.Max(1, Count * 2));
        member.PlaceAtPeer = Count;
        _members[Count++] = member;
    }

    public void Remove(MulticastMember member)
    {
        var last = _members![--Count];
        _members[member.PlaceAtPeer] = last;
        last.PlaceAtPeer = member.PlaceAtPeer;
        _members[Count] = null!;
    }
}
