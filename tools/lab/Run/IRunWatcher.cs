namespace WeCan.Lab.Run;

/// <summary>Whoever shows a run while it lasts: a terminal, a log, or nobody.</summary>
internal interface IRunWatcher
{
    /// <summary>How often there is something new to show.</summary>
    TimeSpan Interval { get; }

    /// <summary>The processes run; these are their runtimes' notices.</summary>
    void OnStarting(IReadOnlyList<string> notices);

    void OnProgress(LabSnapshot snapshot);
}
