using WeCan.Contracts;

namespace WeCan.Simulation;

/// <summary>Actions that wait for their true time; those of one time run in the order in which they were scheduled.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (MonoTime At, long Sequence)> _actions = new();
    private long _nextSequence;

    public MonoTime Next => _actions.TryPeek(out _, out var first) ? first.At : MonoTime.Never;

    public void Schedule(MonoTime at, Action action) => _actions.Enqueue(action, (at, _nextSequence++));

    public Action Take() => _actions.Dequeue();
}
