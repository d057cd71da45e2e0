namespace WeCan.Hosting.Logging;

/// <summary>How log lines are written.</summary>
public enum LogFormat
{
    /// <summary><see cref="Journal"/> where standard error goes to journald, else <see cref="Plain"/>.</summary>
    Auto,

    /// <summary>A priority before each line, as journald reads it; no time, which journald adds itself.</summary>
    Journal,

    /// <summary>For people at a terminal.</summary>
    Plain,

    /// <summary>One JSON object a line, for collectors.</summary>
    Json,
}
