using System.Diagnostics;

namespace WeCan.Bench.Forward;

/// <summary>
/// A program that is measured: it takes lines, answers with lines, and ends when its standard input does.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    public ChildProcess(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        _process = Process.Start(start) ?? throw new ForwardException($"{program} cannot be started.");
    }

    /// <summary>This program once more, as what one of its arguments makes of it.</summary>
    public static ChildProcess OfThisProgram(params IEnumerable<string> arguments) =>
        new(ThisProgram.Words[0], [.. ThisProgram.Words.Skip(1), .. arguments]);

    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public string Ask(string? line = null)
    {
        if (line is not null)
            Tell(line);
        var answer = _process.StandardOutput.ReadLineAsync();
        if (!answer.Wait(ForwardLimits.AnswerBound))
            throw new ForwardException($"{_process.ProcessName} gave no answer within {ForwardLimits.AnswerBound.TotalSeconds:0} s: this machine may be overloaded.");
        return answer.Result ?? throw new ForwardException("A program that was to be measured has ended: its error output says why.");
    }

    /// <summary>Ends the program's standard input and takes its last line.</summary>
    public string Finish()
    {
        _process.StandardInput.Close();
        return Ask();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(ForwardLimits.AnswerBound))
            _process.Kill();
        _process.Dispose();
    }
}
