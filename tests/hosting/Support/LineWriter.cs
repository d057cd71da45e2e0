using System.Text;

namespace WeCan.Hosting.Tests.Support;

/// <summary>A standard error whose lines can be waited for.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _awaited = [];

    public override Encoding Encoding => Encoding.UTF8;

    public Task<string> LineWith(string text)
    {
        lock (_lock)
        {
            if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
                return Task.FromResult(line);
            var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, seen));
            return seen.Task;
        }
    }

    public override void WriteLine(string? value)
    {
        lock (_lock)
        {
            _lines.Add(value ?? "");
            foreach (var (_, seen) in _awaited.Where(awaited => value?.Contains(awaited.Text, StringComparison.Ordinal) == true))
                seen.TrySetResult(value!);
        }
    }

    public override string ToString()
    {
        lock (_lock)
            return string.Join('\n', _lines);
    }
}
