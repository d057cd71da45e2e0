namespace WeCan.Controller.Admin;

/// <summary>What the controller says to an operator: the text to print, or one sentence about what is wrong.</summary>
internal sealed record AdminAnswer(bool IsDone, string Text);
