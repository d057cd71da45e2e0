namespace WeCan.Fuzz.Tests.Fuzzing;

/// <summary>
/// Something that takes bytes from the network, and what must hold whatever they are. An input that breaks it throws.
/// </summary>
internal abstract class FuzzTarget : IDisposable
{
    private readonly HashSet<string> _reached = new(StringComparer.Ordinal);

    /// <summary>The folder of its corpus.</summary>
    public abstract string Name { get; }

    /// <summary>Mutations of a normal run.</summary>
    public abstract int Mutations { get; }

    /// <summary>The inputs to start from, made anew from real traffic.</summary>
    public abstract IEnumerable<(string Name, byte[] Bytes)> MakeCorpus();

    public abstract void Run(byte[] input);

    /// <summary>A last touch to a mutated input, for checks that only a blind fuzzer would fail on, such as a checksum with a public key.</summary>
    public virtual byte[] Mend(byte[] input) => input;

    public virtual void Dispose()
    {
    }

    /// <summary>Places that a run must have come to, or it has only knocked at the door.</summary>
    public virtual IReadOnlyList<string> Places => [];

    public IEnumerable<string> NotReached => Places.Except(_reached, StringComparer.Ordinal);

    protected void Reach(string place, bool holds)
    {
        if (holds)
            _reached.Add(place);
    }

    public static void Require(bool holds, string what)
    {
        if (!holds)
            throw new FuzzFailureException(what);
    }
}
