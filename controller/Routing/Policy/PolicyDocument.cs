using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Routing.Graph;
using WeCan.Hosting.Configuration;

namespace WeCan.Controller.Routing.Policy;

/// <summary>
/// What an operator wants of routes. Immutable: made from a text that was found to be right in every word, and
/// written back as one text whoever wrote the first. The empty one changes nothing.
/// </summary>
internal sealed record PolicyDocument
{
    public static PolicyDocument Default { get; } = new();

    /// <summary>What passing a relay takes beside its links.</summary>
    public Duration RelayTime { get; init; } = GraphLimits.RelayTime;

    public DampingPolicy Damping { get; init; } = new();

    public LoadPolicy Load { get; init; } = new();

    public PricePolicy Price { get; init; } = new();

    public QualityPolicy Quality { get; init; } = new();

    /// <summary>In their order: what a later one says of a link counts.</summary>
    public IReadOnlyList<LinkRule> Links { get; init; } = [];

    /// <summary>In their order: what a later one says of a node counts.</summary>
    public IReadOnlyList<NodeRule> Nodes { get; init; } = [];

    /// <summary>All of them count.</summary>
    public IReadOnlyList<WayRule> Ways { get; init; } = [];

    /// <summary>
    /// Reads what somebody wrote. Where anything is wrong there is no policy, and each problem is a sentence that says where it stands. What is read
    /// can be read again from <see cref="ToText"/>.
    /// </summary>
    public static bool TryRead(string json, [NotNullWhen(true)] out PolicyDocument? document, out IReadOnlyList<string> problems)
    {
        ArgumentNullException.ThrowIfNull(json);
        document = null;
        if (json.Length > PolicyLimits.TextCharacters)
        {
            problems = [$"The text has {json.Length} characters, and no policy needs more than {PolicyLimits.TextCharacters}: is it the right file?"];
            return false;
        }

        if (!ConfigDocument.TryRead(json, "policy", PolicyReader.Read, out document, out problems) || document is null)
            return false;

        // What is kept is this text, with a line for each word: whoever reads it again has to be able to.
        var written = document.ToText().Length;
        if (written <= PolicyLimits.TextCharacters)
            return true;
        document = null;
        problems = [$"The text has {written} characters as it is kept, with a line for each name, and at most {PolicyLimits.TextCharacters} are possible: let rules name whole regions, sites or operators."];
        return false;
    }

    /// <summary>The policy as JSON, in one order and without what is so anyway: the same policy is the same text.</summary>
    public string ToText() => PolicyWriter.Write(this);

    /// <summary>What of it the search for routes goes by.</summary>
    public RoutePolicy ToRoutePolicy() => new()
    {
        RelayTime = RelayTime,
        LeastGain = Damping.LeastGain,
        LeastGainTime = Damping.LeastGainTime,
        MostChanges = Damping.MostChanges,
    };

    /// <summary>The rules that mean nobody who is a member now, each as a sentence: a name may be mistyped.</summary>
    public IReadOnlyList<string> Unmatched(IReadOnlyCollection<Member> members)
    {
        var sentences = new List<string>();
        for (var at = 0; at < Links.Count; at++)
        {
            Judge($"links[{at}].from", Links[at].From);
            Judge($"links[{at}].to", Links[at].To);
        }

        for (var at = 0; at < Nodes.Count; at++)
            Judge($"nodes[{at}]", Nodes[at].Who);
        return sentences;

        void Judge(string path, MemberSelector selector)
        {
            if (!selector.IsEverybody && !members.Any(selector.Fits))
                sentences.Add($"\"{path}\" fits no node that is a member now.");
        }
    }
}
