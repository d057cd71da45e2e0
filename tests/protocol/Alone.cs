namespace WeCan.Protocol.Tests;

/// <summary>Tests that measure the memory of the whole process, or of pools that a collection empties: they run after all others, one by one.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
