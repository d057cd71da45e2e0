using WeCan.Lab.Reports;
using WeCan.Lab.Run;

namespace WeCan.Lab.View;

/// <summary>Nobody watches: the result is printed as JSON in the end.</summary>
internal sealed class SilentWatcher : IRunWatcher
{
    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public void OnStarting(string what)
    {
    }

    public void OnProgress(LabSnapshot snapshot)
    {
    }
}
