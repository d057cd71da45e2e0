namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>Is shown the number of each value whose pattern overlaps another; the tree must not change meanwhile.</summary>
internal interface IOverlapVisitor
{
    /// <summary>False to be shown no more.</summary>
    bool Visit(int entry);
}
