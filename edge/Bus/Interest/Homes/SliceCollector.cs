using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>Collects slices by overlap or by match.</summary>
internal readonly struct SliceCollector(SubjectTree<HomeSlice?> tree, List<HomeSlice> found) : IOverlapVisitor, IMatchVisitor<HomeSlice?>
{
    public bool Visit(int entry)
    {
        found.Add(tree[entry]!);
        return true;
    }

    void IMatchVisitor<HomeSlice?>.Visit(HomeSlice? value) => found.Add(value!);
}
