using System.Text;
using WeCan.Lab.Options;
using WeCan.Lab.Reports;
using WeCan.Lab.Run;

namespace WeCan.Lab.View;

/// <summary>Redraws the dashboard in its place on a terminal, four times a second, in one write so that it does not flicker.</summary>
internal sealed class TerminalWatcher(LabOptions options) : IRunWatcher
{
    private readonly Dashboard _dashboard = new(options, Ink.ForTerminal);
    private int _linesDrawn;

    public TimeSpan Interval => TimeSpan.FromMilliseconds(250);

    public void OnStarting(string what) => Console.WriteLine(Ink.ForTerminal.Dim(what));

    public void OnProgress(LabSnapshot snapshot)
    {
        var page = new StringBuilder();
        if (_linesDrawn > 0)
            page.Append($"\e[{_linesDrawn}A\r");
        var width = Math.Max(20, Console.WindowWidth);
        var lines = _dashboard.Lines(snapshot).ToArray();
        foreach (var line in lines)
            page.Append(Fit(line, width)).Append("\e[0m\e[K\n");
        page.Append("\e[J");
        _linesDrawn = lines.Length;
        Console.Write(page);
    }

    /// <summary>Cuts a line at the terminal's edge, colours not counted: a wrapped one would be two, and the next redraw off by one.</summary>
    private static string Fit(string line, int width)
    {
        var visible = 0;
        var inColour = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\e')
                inColour = true;
            else if (!inColour && ++visible >= width)
                return line[..i];
            else if (inColour && line[i] == 'm')
                inColour = false;
        }

        return line;
    }
}
