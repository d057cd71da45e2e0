using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>Collects registrations, but not those of one edge, up to so many.</summary>
internal readonly struct EntryCollector(SubjectTree<Registration> tree, List<int> found, NodeId except, int most) : IOverlapVisitor
{
    public bool Visit(int entry)
    {
        if (tree[entry].Edge == except)
            return true;
        found.Add(entry);
        return found.Count <= most;
    }
}
