using WeCan.Fuzz.Tests.Fuzzing;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>One parser of the wire: it stays inside its bytes, allocates nothing, and what it took it would write again alike.</summary>
internal sealed class ParserTarget(string name, Func<byte[], bool> parse, Func<IEnumerable<(string, byte[])>> corpus) : FuzzTarget
{
    private bool _isWarm;

    public override string Name => name;

    public override int Mutations => 20_000;

    public override IReadOnlyList<string> Places => ["taken", "refused"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus() => corpus();

    public override void Run(byte[] input)
    {
        if (!_isWarm)
            parse(input);
        _isWarm = true;
        var allocated = Measure(input, out var isTaken);

        // Compiling a method anew allocates on the thread that waits for it; a parser that allocates does so every time.
        if (allocated > 0)
            allocated = Measure(input, out isTaken);
        Reach("taken", isTaken);
        Reach("refused", !isTaken);
        Require(allocated == 0, $"Parsing allocated {allocated} bytes.");
    }

    private long Measure(byte[] input, out bool isTaken)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        isTaken = parse(input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
