using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Inspection;

/// <summary>What a policy takes away from pairs of nodes, each direction counted, by the routes as they are now.</summary>
/// <param name="Pairs">Pairs that routes are computed for.</param>
/// <param name="Lost">Those that would be left without any way for some class of traffic.</param>
/// <param name="Alone">Others that would keep one way alone for some class, and have more now.</param>
/// <param name="Example">One that would have no way; null where there is none.</param>
internal sealed record PolicyToll(int Pairs, int Lost, int Alone, PolicyTrialPair? Example)
{
    /// <summary>False where no routes are computed that could be compared.</summary>
    public required bool IsKnown { get; init; }

    /// <summary>Why it is not set without force, as a sentence; null where nobody loses every way.</summary>
    public string? Refusal => Lost == 0 ? null
        : $"{Of(Lost)} would be left without any way{Such}{(Alone > 0 ? $", and {Alone} would keep one way alone" : "")}. Nothing was changed: to set it all the same, add --force (over HTTP force=true).";

    /// <summary>What is told of a policy that was set, each as a sentence.</summary>
    public IEnumerable<string> Warnings
    {
        get
        {
            if (!IsKnown)
                yield return "No routes are computed yet, so that what this takes away cannot be told.";
            if (Lost > 0)
                yield return $"{Of(Lost)} are left without any way{Such}.";
            if (Alone > 0)
                yield return $"{Of(Alone)} keep one way alone: while this holds, they have no backup.";
        }
    }

    private string Such => Example is { } pair ? $", one of them from {pair.From} to {pair.To} for {pair.Class}" : "";

    private string Of(int count) => $"{count} of {Pairs} pairs of nodes, each direction counted,";
}
