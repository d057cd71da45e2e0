using System.Diagnostics;
using System.Globalization;

namespace WeCan.Bench.Forward;

/// <summary>
/// A program that is measured: it takes lines, answers with lines, and ends when its standard input does. Its processor time is
/// what the system has counted for it, all of its threads together, in steps of 10 ms.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    public ChildProcess(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        _process = Process.Start(start) ?? throw new ForwardException($"{program} cannot be started.");
    }

    /// <summary>This program once more, as what one of its arguments makes of it.</summary>
    public static ChildProcess OfThisProgram(params IEnumerable<string> arguments) =>

        // Started as "dotnet WeCan.Bench.dll", the program is dotnet and we are its first argument.
        new(Environment.ProcessPath!, Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? arguments.Prepend(typeof(ChildProcess).Assembly.Location) : arguments);

    /// <summary>Processor time in seconds, user's and system's.</summary>
    public double ProcessorSeconds
    {
        get
        {
            // The program's name stands in brackets before the numbers and may hold anything.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[UserTimeField]) + Number(fields[SystemTimeField])) / TicksPerSecond;
        }
    }

    /// <summary>What of its memory is in the machine's.</summary>
    public double ResidentMebibytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (1024.0 * 1024.0);
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

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
