using WeCan.Contracts.Control.Sessions;
using WeCan.Controller.Core;
using WeCan.Controller.Sessions;

namespace WeCan.Simulation.World;

/// <summary>One control session's connection: two streams that bring bytes in order, in pieces of any size, until it is cut.</summary>
internal sealed class ControlPipe(NodeSession node, ControllerSession controller)
{
    private readonly Queue<byte> _toController = [];
    private readonly Queue<byte> _toNode = [];

    public NodeSession Node => node;

    public ControllerSession Controller => controller;

    public bool IsOver => node.End is not null || controller.End is not null;

    public void MoveUp(ControllerCore core, ControllerTime now, Random random)
    {
        while (node.TryPollFrame(out var frame))
            Put(_toController, frame.Span);
        core.HandleBytes(now, controller, Take(_toController, random));
    }

    public void MoveDown(ControllerCore core, ControllerTime now, Contracts.MonoTime local, Random random)
    {
        while (_toNode.Count < 20_000 && core.TryPollFrame(now, controller, out var frame))
            Put(_toNode, frame.Span);
        node.HandleBytes(local, Take(_toNode, random));
        node.HandleTimeout(local);
    }

    private static void Put(Queue<byte> queue, ReadOnlySpan<byte> bytes)
    {
        foreach (var item in bytes)
            queue.Enqueue(item);
    }

    private static byte[] Take(Queue<byte> queue, Random random)
    {
        var piece = new byte[random.Next(20) == 0 ? random.Next(queue.Count + 1) : queue.Count];
        for (var i = 0; i < piece.Length; i++)
            piece[i] = queue.Dequeue();
        return piece;
    }
}
