using WeCan.Lab.Wan;

namespace WeCan.Fuzz.Tests.Fuzzing;

/// <summary>
/// One run of one target: its corpus as it stands and as it would be made now, then mutations of it, then garbage of many lengths. WECAN_FUZZ_SEED
/// chooses other mutations, and WECAN_FUZZ_FACTOR multiplies how many there are.
/// </summary>
internal static class FuzzRun
{
    private const ulong NormalSeed = 1;
    private const int Garbage = 200;

    public static ulong Seed { get; } =
        ulong.TryParse(Environment.GetEnvironmentVariable("WECAN_FUZZ_SEED"), out var seed) ? seed : NormalSeed;

    private static int Factor { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("WECAN_FUZZ_FACTOR"), out var factor) ? factor : 1;

    public static void Of(FuzzTarget target)
    {
        var committed = Corpus.Load(target.Name);
        Assert.True(committed.Count > 0, $"tests/fuzz/corpus/{target.Name} is empty; see CorpusTests.");

        // What was recorded in an earlier version may no longer open any seal of this one, so today's traffic is taken too.
        List<(string Name, byte[] Bytes)> corpus = [.. committed, .. target.MakeCorpus()];
        foreach (var (name, bytes) in corpus)
            Run(target, bytes, $"corpus {name}");

        var random = new WanRandom(WanRandom.Derive(Seed, (ulong)target.Name.Sum(letter => letter * 131)));
        var mutator = new Mutator(random);
        for (var i = 0; i < target.Mutations * Factor; i++)
        {
            var input = corpus[random.Next(corpus.Count)].Bytes;
            var mutated = mutator.Mutate(input, corpus[random.Next(corpus.Count)].Bytes);
            Run(target, random.Next(2) == 0 ? target.Mend(mutated) : mutated, $"mutation {i}");
        }

        for (var i = 0; i < Garbage * Factor; i++)
            Run(target, mutator.Garbage(i < 70 ? i : random.Next(Mutator.MaxLength + 1)), $"garbage {i}");
        Assert.True(!target.NotReached.Any(), $"Target {target.Name} never came to: {string.Join(", ", target.NotReached)}. Make its corpus anew; see CorpusTests.");
    }

    private static void Run(FuzzTarget target, byte[] input, string which)
    {
        try
        {
            target.Run([.. input]);
        }
        catch (Exception problem)
        {
            throw new FuzzFailureException(
                $"""
                Target {target.Name}, seed {Seed}, {which}: {problem.Message}
                The input, {input.Length} bytes: {Convert.ToHexStringLower(input)}
                To replay it, write these digits into tests/fuzz/corpus/{target.Name}/<what it showed>.hex and run
                dotnet test tests/fuzz; or run with WECAN_FUZZ_SEED={Seed}. Leave the file there once it passes.
                """,
                problem);
        }
    }
}
