using System.ComponentModel;
using System.Diagnostics;

namespace WeCan.Programs;

/// <summary>
/// A program beside this one: started, heard line by line, waited for, sent signals, and ended by its id. Whoever started it
/// disposes of it: at once by killing it, or asynchronously by asking it to end first.
/// </summary>
public sealed class RunningProgram : IDisposable, IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _name;
    private readonly Action<string>? _onLine;
    private readonly Lock _changing = new();
    private readonly Queue<(bool IsError, string Text)> _lines = [];
    private readonly List<AwaitedLine> _awaited = [];
    private int _openStreams = 2;
    private bool _isDisposed;

    private RunningProgram(IReadOnlyList<string> words, ProgramOptions options)
    {
        _name = string.Join(' ', words);
        _onLine = options.OnLine;
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (name, value) in options.Variables)
            start.Environment[name] = value;
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new ProgramException($"{words[0]} cannot be started: {failure.Message}.", failure);
        }

        if (!options.KeepsInput)
            _process.StandardInput.Close();
        _process.OutputDataReceived += (_, line) => Take(line.Data, isError: false);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, isError: true);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output => Text(line => !line.IsError);

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => Text(line => line.IsError);

    /// <summary>Both, as they came.</summary>
    public string Said => Text(_ => true);

    public static RunningProgram Start(IReadOnlyList<string> words, ProgramOptions? options = null) => new(words, options ?? ProgramOptions.None);

    /// <summary>Runs a program to its end, which has to be a good one, and returns what it wrote to standard output.</summary>
    public static async Task<string> RunAsync(IReadOnlyList<string> words, TimeSpan bound)
    {
        using var program = new RunningProgram(words, ProgramOptions.None);
        return await program.OutputAsync(bound);
    }

    /// <summary>Waits for its end, which has to be a good one, and returns what it wrote to standard output.</summary>
    public async Task<string> OutputAsync(TimeSpan bound) =>
        await EndedAsync(bound) == 0 ? Output : throw new ProgramException($"{_name} ended with {_process.ExitCode}: {Last(ProgramLimits.LinesTold)}");

    /// <summary>The line that holds a text, once so many such lines were said; throws when the program ends before, or the bound has passed.</summary>
    public async Task<string> LineAsync(string text, TimeSpan bound, int count = 1)
    {
        var awaited = new AwaitedLine(text, count);
        lock (_changing)
        {
            foreach (var (_, line) in _lines)
                awaited.Take(line);
            if (_openStreams == 0)
                awaited.End();
            if (!awaited.Found.IsCompleted)
                _awaited.Add(awaited);
        }

        try
        {
            return await awaited.Found.WaitAsync(bound)
                ?? throw new ProgramException($"{_name} ended before it said \"{text}\" ({count}); it said:\n{Last(ProgramLimits.LinesTold)}");
        }
        catch (TimeoutException late)
        {
            throw new ProgramException($"{_name} did not say \"{text}\" ({count}) within {bound.TotalSeconds:0} s, but:\n{Last(ProgramLimits.LinesTold)}", late);
        }
    }

    /// <summary>The last that it said, for whoever wants to know why.</summary>
    public string Last(int lines)
    {
        lock (_changing)
            return string.Join('\n', _lines.TakeLast(lines).Select(line => line.Text));
    }

    /// <summary>How many lines hold a text so far.</summary>
    public int Count(string text)
    {
        lock (_changing)
            return _lines.Count(line => line.Text.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Waits for its own end, and until all that it said is here.</summary>
    public async Task<int> EndedAsync(TimeSpan bound)
    {
        CloseInput();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(bound);
            return _process.ExitCode;
        }
        catch (TimeoutException late)
        {
            throw new ProgramException($"{_name} did not end within {bound.TotalSeconds:0} s; it said:\n{Last(ProgramLimits.LinesTold)}", late);
        }
    }

    /// <summary>Writes a line to its standard input, which its options must have kept.</summary>
    public void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Sends it a signal, "TERM" say; false where it has ended.</summary>
    public bool Signal(string name)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{name}", $"{_process.Id}"]) { RedirectStandardError = true, UseShellExecute = false })!;
        kill.StandardError.ReadToEnd();
        kill.WaitForExit();
        return kill.ExitCode == 0;
    }

    public ProcessFigures Figures()
    {
        if (HasEnded)
            return default;
        _process.Refresh();
        return new(_process.TotalProcessorTime, _process.WorkingSet64);
    }

    /// <summary>Kills it and nothing that it started, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Kills it, where it still runs, and what it started.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!HasEnded)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Asks it to end, and kills it where it has not in time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed && !HasEnded)
        {
            CloseInput();
            Signal("TERM");
            using var bound = new CancellationTokenSource(ProgramLimits.EndBound);
            await _process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Dispose();
    }

    private void CloseInput() => _process.StandardInput.Close();

    private void Take(string? line, bool isError)
    {
        lock (_changing)
        {
            if (line is not null)
            {
                if (_lines.Count == ProgramLimits.LinesKept)
                    _lines.Dequeue();
                _lines.Enqueue((isError, line));
                _awaited.ForEach(awaited => awaited.Take(line));
                _onLine?.Invoke(line);
            }
            else if (--_openStreams == 0)
            {
                _awaited.ForEach(awaited => awaited.End());
            }

            _awaited.RemoveAll(awaited => awaited.Found.IsCompleted);
        }
    }

    private string Text(Func<(bool IsError, string Text), bool> isWanted)
    {
        lock (_changing)
            return string.Join('\n', _lines.Where(isWanted).Select(line => line.Text));
    }
}
