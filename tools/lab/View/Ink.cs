namespace WeCan.Lab.View;

/// <summary>The few colours of the lab; none where the output is no terminal, or NO_COLOR asks for none.</summary>
internal sealed class Ink(bool isOn)
{
    public static Ink ForTerminal { get; } = new(
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"));

    public string Bold(string text) => Paint(text, "1");

    public string Dim(string text) => Paint(text, "2");

    public string Warn(string text) => Paint(text, "33");

    public string Bad(string text) => Paint(text, "31;1");

    public string Good(string text) => Paint(text, "32");

    private string Paint(string text, string code) => isOn ? $"\e[{code}m{text}\e[0m" : text;
}
