using WeCan.Contracts.Control.Sessions;
using WeCan.Controller.Core;
using WeCan.Controller.Sessions;

namespace WeCan.Controller.Tests.Simulation;

/// <summary>A connection between a node and the controller: two streams that deliver in order, some bytes at a time, until it is cut.</summary>
internal sealed class SimConnection(NodeSession node, ControllerSession controller)
{
    private const int Room = 4_000;

    private readonly Queue<byte> _toController = [];
    private readonly Queue<byte> _toNode = [];

    public NodeSession Node => node;

    public ControllerSession Controller => controller;

    /// <summary>The node's end is gone; the controller has not noticed yet.</summary>
    public bool IsCut { get; set; }

    public void Send(ControllerCore core, ControllerTime now)
    {
        while (!IsCut && _toController.Count < Room && node.TryPollFrame(out var frame))
            Put(_toController, frame);
        while (_toNode.Count < Room && core.TryPollFrame(now, controller, out var frame))
            Put(_toNode, frame);
    }

    public void DeliverToController(ControllerCore core, ControllerTime now, int bytes)
    {
        if (Take(_toController, bytes) is { Length: > 0 } piece)
            core.HandleBytes(now, controller, piece);
    }

    public void DeliverToNode(ControllerTime now, int bytes)
    {
        if (!IsCut && Take(_toNode, bytes) is { Length: > 0 } piece)
            node.HandleBytes(now.Mono, piece);
    }

    /// <summary>Whether the controller's end has said all, and the node has heard it.</summary>
    public bool IsOver => (controller.IsFinished && _toNode.Count == 0) || node.End is not null;

    private static void Put(Queue<byte> queue, ReadOnlyMemory<byte> frame)
    {
        foreach (var item in frame.Span)
            queue.Enqueue(item);
    }

    private static byte[] Take(Queue<byte> queue, int bytes)
    {
        var piece = new byte[Math.Min(bytes, queue.Count)];
        for (var i = 0; i < piece.Length; i++)
            piece[i] = queue.Dequeue();
        return piece;
    }
}
