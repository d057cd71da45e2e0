namespace WeCan.Hosting.Configuration;

/// <summary>One thing wrong with a configuration, as a sentence: where it stands, what it is, what to write instead.</summary>
public sealed record ConfigProblem(string Sentence)
{
    public override string ToString() => Sentence;
}
