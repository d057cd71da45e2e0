namespace WeCan.Lab.Messages;

/// <summary>To a node process: one line, with one thing to do. A closed stdin is the order to stop, and to end.</summary>
internal sealed record NodeOrder
{
    public NodeSetup? Setup { get; init; }

    public NodeJoin? Join { get; init; }

    /// <summary>An edge drops its flows and what it counted of them: they have warmed the packet path up, and what comes of them late counts nowhere.</summary>
    public bool Forget { get; init; }

    /// <summary>An edge begins to send on new flows.</summary>
    public bool Start { get; init; }

    /// <summary>An edge sends nothing new.</summary>
    public bool Halt { get; init; }

    /// <summary>Answered by a <see cref="NodeReport"/>.</summary>
    public bool Report { get; init; }
}
