namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>Is shown each value whose pattern matches. A struct handed in by reference, so that nothing is allocated for a match.</summary>
internal interface IMatchVisitor<T>
{
    void Visit(T value);
}
