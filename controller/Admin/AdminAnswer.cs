namespace WeCan.Controller.Admin;

/// <summary>What the controller says to an operator: the text to print, or one sentence about what is wrong.</summary>
internal sealed record AdminAnswer(bool IsDone, string Text)
{
    /// <summary>What is wrong is the store, and not what was asked.</summary>
    public bool IsStore { get; init; }

    /// <summary>Only a controller that runs could answer.</summary>
    public bool NeedsController { get; init; }
}
