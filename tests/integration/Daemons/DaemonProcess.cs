using System.Diagnostics;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>One of the project's programs as a process of its own, with what it said on standard error line by line.</summary>
internal sealed class DaemonProcess : IDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Lock _changing = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Text, int Count, TaskCompletionSource<string> Found)> _awaited = [];

    private bool _isDisposed;

    private DaemonProcess(string program, IReadOnlyDictionary<string, string> variables, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Find(program), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        Output = _process.StandardOutput.ReadToEndAsync();
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>All that it wrote to standard output, when it has ended.</summary>
    public Task<string> Output { get; }

    public int Id => _process.Id;

    public string Said
    {
        get
        {
            lock (_changing)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>The repository that this was built in.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WeCan.sln")))
                folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("There is no repository around this assembly.");
        }
    }

    /// <summary>Starts "wecan-relay" and its like; no configuration of this machine is read.</summary>
    public static DaemonProcess Start(string program, IReadOnlyDictionary<string, string> variables, params string[] arguments) => new(program, variables, arguments);

    public static DaemonProcess Start(string program, params string[] arguments) => new(program, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>Runs a command to its end, which has to be a good one, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var code = await process.EndedAsync();
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {process.Said}");
        return (await process.Output).Trim();
    }

    /// <summary>The line that holds a text, once so many such lines were said; fails when the process ends before.</summary>
    public async Task<string> LoggedAsync(string text, int count = 1)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_changing)
        {
            if (_lines.Count(line => line.Contains(text, StringComparison.Ordinal)) >= count)
                return _lines.Where(line => line.Contains(text, StringComparison.Ordinal)).ElementAt(count - 1);
            _awaited.Add((text, count, found));
        }

        try
        {
            return await found.Task.WaitAsync(Bound);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"\"{text}\" was not said {count} times within {Bound.TotalSeconds:0} s, but:\n{Said}", late);
        }
    }

    /// <summary>How many lines hold a text so far.</summary>
    public int Count(string text)
    {
        lock (_changing)
            return _lines.Count(line => line.Contains(text, StringComparison.Ordinal));
    }

    public async Task<int> EndedAsync()
    {
        using var time = new CancellationTokenSource(Bound);
        await _process.WaitForExitAsync(time.Token);
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        List<TaskCompletionSource<string>> found = [];
        lock (_changing)
        {
            if (line is not null)
                _lines.Add(line);
            foreach (var awaited in _awaited.ToList())
            {
                if (line is not null && _lines.Count(said => said.Contains(awaited.Text, StringComparison.Ordinal)) < awaited.Count)
                    continue;
                _awaited.Remove(awaited);
                if (line is not null)
                    found.Add(awaited.Found);
                else
                    awaited.Found.TrySetException(new InvalidOperationException($"The process ended before it said \"{awaited.Text}\":\n{string.Join('\n', _lines)}"));
            }
        }

        found.ForEach(source => source.TrySetResult(line!));
    }

    /// <summary>The program of the same configuration and framework as this assembly: both stand in bin/CONFIGURATION/FRAMEWORK of their projects.</summary>
    private static string Find(string program)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Root, program["wecan-".Length..], "bin", framework.Parent!.Name, framework.Name, $"{program}.dll");
    }
}
