namespace WeCan.Edge.Dev;

/// <summary>Where a desk's network lives unless another folder is named: with the state of its user, who needs no rights for it.</summary>
internal static class DeskFolder
{
    public static string Default => Path.Combine(StateHome(), "wecan", "dev");

    private static string StateHome() =>
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state)
            ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
}
