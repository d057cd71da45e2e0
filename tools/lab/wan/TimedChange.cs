using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>A change and when it happens, counted from the scenario's start at zero.</summary>
/// <param name="Line">The line of the scenario that says so.</param>
public sealed record TimedChange(MonoTime At, ScenarioChange Change, int Line);
