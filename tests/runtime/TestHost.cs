using System.Collections.Concurrent;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime;

namespace WeCan.Runtime.Tests;

/// <summary>A host made of what a test gives it; what it is not given, it counts or ignores.</summary>
internal sealed class TestHost : IOverlayHost
{
    public delegate void MessageHandler(Node node, MonoTime now, in ReceivedMessage message);

    public MessageHandler? Message { get; init; }

    public Action<Node, MonoTime>? Timeout { get; init; }

    public Action<TransportEvent>? TransportEvent { get; init; }

    public MessageHandler? ClientMessage { get; init; }

    public Action<TransportEvent>? ClientEvent { get; init; }

    public Action<NodeEvent>? NodeEvent { get; init; }

    public MonoTime NextTimeout { get; set; } = MonoTime.Never;

    public ConcurrentQueue<string> Notices { get; } = new();

    /// <summary>Ends when the first link stands.</summary>
    public TaskCompletionSource LinkUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a link is gone.</summary>
    public TaskCompletionSource LinkDown { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void OnNotice(string notice) => Notices.Enqueue(notice);

    public void OnTimeout(Node node, MonoTime now)
    {
        NextTimeout = MonoTime.Never;
        Timeout?.Invoke(node, now);
    }

    public void OnMessage(Node node, MonoTime now, in ReceivedMessage message) => Message?.Invoke(node, now, message);

    public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened) => TransportEvent?.Invoke(happened);

    public void OnClientMessage(Node node, MonoTime now, in ReceivedMessage message) => ClientMessage?.Invoke(node, now, message);

    public void OnClientEvent(Node node, MonoTime now, in TransportEvent happened) => ClientEvent?.Invoke(happened);

    public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
    {
        NodeEvent?.Invoke(happened);
        if (happened.Kind == NodeEventKind.LinkUp)
            LinkUp.TrySetResult();
        if (happened.Kind == NodeEventKind.LinkDown)
            LinkDown.TrySetResult();
    }
}
