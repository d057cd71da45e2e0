namespace WeCan.Programs;

/// <summary>Who waits until so many lines held a text.</summary>
internal sealed class AwaitedLine(string text, int count)
{
    private readonly TaskCompletionSource<string?> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = count;

    /// <summary>The line that made it enough; null when the program ended before.</summary>
    public Task<string?> Found => _found.Task;

    public void Take(string line)
    {
        if (line.Contains(text, StringComparison.Ordinal) && --_left == 0)
            _found.TrySetResult(line);
    }

    public void End() => _found.TrySetResult(null);
}
