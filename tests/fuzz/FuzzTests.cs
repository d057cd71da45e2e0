using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Fuzz.Tests.Targets;

namespace WeCan.Fuzz.Tests;

/// <summary>Any byte string at any point: no exception, no answer to strangers, no memory that grows, and a count for every drop.</summary>
public sealed class FuzzTests
{
    public static IEnumerable<TheoryDataRow<string>> Names
    {
        get
        {
            foreach (var target in Targets())
            {
                using (target)
                    yield return target.Name;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhateverComes(string target)
    {
        using var found = Targets().Single(candidate => candidate.Name == target);
        FuzzRun.Of(found);
    }

    internal static IEnumerable<FuzzTarget> Targets() =>
    [
        .. Parsers.All,
        HttpHeads.Target,
        new LinkTarget(),
        new RepairTarget(),
        new TransportTarget(),
        new MulticastTarget(),
        new SealingTarget(),
        new PathTarget(),
        new StrangerTarget(isUnderLoad: false),
        new StrangerTarget(isUnderLoad: true),
        new AnswerTarget(),
        new ClientSessionTarget(),
        new NodeHelloTarget(),
        new ClientHelloTarget(),
        new WelcomeTarget(),
        new ControlTarget(),
    ];
}
