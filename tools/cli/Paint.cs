namespace WeCan.Cli;

/// <summary>Colours, for terminals alone: not into files or other programs, and not where NO_COLOR is set or the terminal has none.</summary>
internal static class Paint
{
    private static readonly bool IsOn =
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public static string Red(string text) => In(31, text);

    public static string Green(string text) => In(32, text);

    private static string In(int colour, string text) => IsOn ? $"\e[{colour}m{text}\e[0m" : text;
}
