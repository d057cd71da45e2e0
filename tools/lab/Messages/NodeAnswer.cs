namespace WeCan.Lab.Messages;

/// <summary>From a node process: one line. A setup is answered by a hello, a report order by a report, and anything that cannot be done by an error.</summary>
internal sealed record NodeAnswer
{
    public NodeHello? Hello { get; init; }

    public NodeReport? Report { get; init; }

    public string? Error { get; init; }
}
