using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime.Local;

/// <summary>Asks the loop something, or has it do something, and waits for what comes of it, for a while.</summary>
public static class LoopQuestion
{
    /// <exception cref="TimeoutException">The loop has stopped, or has too much to do; the message is for an operator.</exception>
    public static async Task<T> AskAsync<T>(OverlayDriver driver, Func<Node, MonoTime, T> ask, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(ask);
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var posted = driver.Post((node, now) =>
        {
            try
            {
                answer.SetResult(ask(node, now));
            }
            catch (Exception failure)
            {
                // Who asked is told; the loop has packets to carry.
                answer.SetException(failure);
            }
        });
        if (posted == PostResult.Stopped)
            throw new TimeoutException("The node is stopping and answers nothing more.");
        if (posted == PostResult.QueueFull)
            throw new TimeoutException("The node's loop has more to do than it keeps up with: ask again later.");
        try
        {
            return await answer.Task.WaitAsync(LocalLimits.LoopWait, cancellation);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The node's loop did not answer within {LocalLimits.LoopWait.TotalSeconds:0} s: look at the daemon's log.", late);
        }
    }
}
