using WeCan.Lab.Reports;

namespace WeCan.Lab.Run;

/// <summary>Whoever shows a run while it lasts: a terminal, a log, or nobody.</summary>
internal interface IRunWatcher
{
    /// <summary>How often there is something new to show.</summary>
    TimeSpan Interval { get; }

    /// <summary>What is being done before there is anything to show.</summary>
    void OnStarting(string what);

    void OnProgress(LabSnapshot snapshot);
}
