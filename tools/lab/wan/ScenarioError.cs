namespace WeCan.Lab.Wan;

/// <summary>Why a scenario cannot be read: the place, what is wrong there, and what to write instead.</summary>
public sealed record ScenarioError(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}
