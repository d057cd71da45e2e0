using System.Globalization;
using System.Text;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus;

/// <summary>
/// Who waits for an answer: each request has a number, which is the last token of the subject that its answer comes under. All answers
/// come to one subscription, made with the first request.
/// </summary>
internal sealed class RequestDesk
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, TaskCompletionSource<Message>> _waiting = [];
    private readonly TaskCompletionSource<string> _inbox = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _last;
    private Task<Subscription>? _subscription;
    private BusException? _failure;

    /// <summary>What the edge has named the client's inbox; it stays the same at all edges.</summary>
    public Task<string> Inbox => _inbox.Task;

    public void SetInbox(ReadOnlySpan<byte> inbox)
    {
        if (!_inbox.Task.IsCompleted)
            _inbox.TrySetResult(Encoding.UTF8.GetString(inbox));
    }

    /// <summary>The subscription that answers come to, once it is confirmed; one that failed is made again.</summary>
    public Task<Subscription> Subscribe(Func<Task<Subscription>> subscribe)
    {
        lock (_lock)
        {
            if (_subscription is null or { IsFaulted: true } or { IsCanceled: true })
                _subscription = subscribe();
            return _subscription;
        }
    }

    public TaskCompletionSource<Message> Begin(out ulong number)
    {
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            number = ++_last;
            if (_failure is not null)
                answer.SetException(_failure);
            else
                _waiting.Add(number, answer);
        }

        return answer;
    }

    public void End(ulong number)
    {
        lock (_lock)
            _waiting.Remove(number);
    }

    /// <summary>An answer came; one that nobody waits for any more is nobody's.</summary>
    public void Answer(Message message)
    {
        var dot = message.Subject.LastIndexOf((char)SubjectRules.Dot);
        if (!ulong.TryParse(message.Subject.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return;
        lock (_lock)
        {
            if (_waiting.Remove(number, out var answer))
                answer.TrySetResult(message);
        }
    }

    public void Fail(BusException failure)
    {
        lock (_lock)
        {
            _failure = failure;
            _inbox.TrySetException(failure);
            foreach (var answer in _waiting.Values)
                answer.TrySetException(failure);
            _waiting.Clear();
        }
    }
}
