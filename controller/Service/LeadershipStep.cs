namespace WeCan.Controller.Service;

/// <summary>Something to be done for a leadership.</summary>
/// <param name="Act">What.</param>
/// <param name="Token">By which lease, where it is about one.</param>
/// <param name="Text">Who leads, or why the database does not answer.</param>
internal readonly record struct LeadershipStep(LeadershipAct Act, long Token, string Text);
