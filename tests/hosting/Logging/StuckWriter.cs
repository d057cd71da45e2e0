using System.Text;

namespace WeCan.Hosting.Tests.Logging;

/// <summary>A standard error that takes its first line only when the test lets it.</summary>
internal sealed class StuckWriter : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public TaskCompletionSource IsStuck { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<string> Lines { get; } = [];

    public override void WriteLine(string? value)
    {
        IsStuck.TrySetResult();
        GoOn.Task.GetAwaiter().GetResult();
        Lines.Add(value ?? "");
    }
}
