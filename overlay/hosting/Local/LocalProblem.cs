namespace WeCan.Hosting.Local;

/// <summary>Why a daemon did not do what it was asked.</summary>
/// <param name="Error">One sentence for people.</param>
/// <param name="Code">What the command that asked ends with.</param>
public sealed record LocalProblem(string Error, int Code);
