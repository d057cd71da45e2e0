using System.Text;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>The queue groups of an edge's clients, by space and name.</summary>
internal sealed class QueueGroups
{
    private readonly Dictionary<string, QueueGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>A member joins; <paramref name="isNew"/> when it is the first with its pattern.</summary>
    public GroupPattern Join(ReadOnlySpan<byte> name, ReadOnlySpan<byte> pattern, Subscription member, out bool isNew)
    {
        // A space has no line feed in it, and neither has anything else the same two parts.
        var key = $"{Encoding.UTF8.GetString(SubjectRules.SpaceOf(pattern))}\n{Encoding.UTF8.GetString(name)}";
        if (!_groups.TryGetValue(key, out var group))
            _groups.Add(key, group = new(key));
        var members = group.Get(Encoding.UTF8.GetString(pattern), out isNew);
        members.Add(member);
        member.Group = members;
        return members;
    }

    /// <summary>True when it was the last with its pattern.</summary>
    public bool Leave(Subscription member)
    {
        var members = member.Group!;
        members.Remove(member);
        members.Group.Unstick(member);
        if (members.Count > 0)
            return false;
        members.Group.Remove(members);
        if (members.Group.IsEmpty)
            _groups.Remove(members.Group.Name);
        return true;
    }
}
