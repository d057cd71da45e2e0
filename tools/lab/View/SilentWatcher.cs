using WeCan.Lab.Run;

namespace WeCan.Lab.View;

/// <summary>Shows nothing: the result alone is wanted.</summary>
internal sealed class SilentWatcher : IRunWatcher
{
    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public void OnStarting(IReadOnlyList<string> notices)
    {
    }

    public void OnProgress(LabSnapshot snapshot)
    {
    }
}
