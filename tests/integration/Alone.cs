namespace WeCan.Integration.Tests;

/// <summary>Tests that need the machine for themselves: a deadline, or a load, of theirs says nothing beside other tests.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
