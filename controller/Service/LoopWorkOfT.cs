using WeCan.Controller.Core;
using WeCan.Controller.Store;

namespace WeCan.Controller.Service;

/// <summary>Work that somebody waits for. Its continuation runs elsewhere, as the loop has others to serve.</summary>
internal sealed class LoopWork<T>(Func<ControllerCore, ControllerTime, T> work, bool changes) : LoopWork
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _fault;

    public Task<T> Answer => _answer.Task;

    public override bool Changes => changes;

    public override void Run(ControllerCore core, ControllerTime now)
    {
        try
        {
            _result = work(core, now);
        }
        catch (Exception fault)
        {
            // A bug in one caller's work is that caller's to see; the loop has others.
            _fault = fault;
        }
    }

    public override void Finish(StoreException? problem)
    {
        if ((problem ?? _fault) is { } failure)
            _answer.TrySetException(failure);
        else
            _answer.TrySetResult(_result!);
    }
}
