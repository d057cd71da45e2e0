using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace WeCan.Bench.Tunnel;

/// <summary>A program beside this one: run to its end, or left running, watched by what it says, and ended by its id.</summary>
internal sealed class Command : IDisposable
{
    private readonly Process _process;
    private readonly string _name;
    private readonly StringBuilder _said = new();
    private readonly SemaphoreSlim _more = new(0);
    private bool _isDisposed;

    private Command(string[] words)
    {
        _name = string.Join(' ', words);
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new TunnelException($"{words[0]} cannot be started: {failure.Message}.", failure);
        }

        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Leaves a program running; its standard input stays open until it is disposed of.</summary>
    public static Command Start(params string[] words) => new(words);

    /// <summary>Runs a program to its end, and returns what it said; throws where it fails.</summary>
    public static string Run(params string[] words)
    {
        using var command = new Command(words);
        return command.Finish(TimeSpan.FromSeconds(TunnelLimits.Seconds));
    }

    /// <summary>Waits for the program's own end.</summary>
    public string Finish(TimeSpan expected)
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(expected + TunnelLimits.CommandBound))
            throw new TunnelException($"{_name} did not end in time: {Said()}");
        _process.WaitForExit();
        return _process.ExitCode == 0 ? Said() : throw new TunnelException($"{_name} ended with {_process.ExitCode}: {Said()}");
    }

    /// <summary>Waits until it has said a text.</summary>
    public void Await(string text)
    {
        var start = Stopwatch.GetTimestamp();
        while (!Said().Contains(text, StringComparison.Ordinal))
        {
            var left = TunnelLimits.StartBound - Stopwatch.GetElapsedTime(start);
            if (_process.HasExited || left <= TimeSpan.Zero)
                throw new TunnelException($"{_name} did not say \"{text}\" but: {Said()}");
            _more.Wait(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
        }
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            kill.WaitForExit();
            if (!_process.WaitForExit(TunnelLimits.CommandBound))
                _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _more.Dispose();
    }

    private string Said()
    {
        lock (_said)
            return _said.ToString();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.AppendLine(line);
        _more.Release();
    }
}
