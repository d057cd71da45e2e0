using WeCan.Hosting.Local;

namespace WeCan.Cli;

/// <summary>How wide the terminal is that people read at. Into files and other programs go whole lines.</summary>
internal static class Screen
{
    public static int Width { get; } = WidthOf();

    private static int WidthOf()
    {
        if (Console.IsOutputRedirected)
            return TextFold.Unbounded;
        try
        {
            return Console.WindowWidth is > 0 and var columns ? columns : TextFold.Unbounded;
        }
        catch (IOException)
        {
            return TextFold.Unbounded;
        }
    }
}
