using System.Diagnostics;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>Frames of one kind of talk that wait for a message to one edge, in order. What was taken makes room when it is much, and an empty queue keeps no large buffer.</summary>
internal sealed class FrameQueue
{
    private FrameBatch _batch = new();
    private int _taken;

    /// <summary>Where frames are written to.</summary>
    public FrameBatch Batch => _batch;

    public int Waiting => _batch.Length - _taken;

    public bool IsEmpty => Waiting == 0;

    /// <summary>Moves whole frames, as many as fit; answers their bytes.</summary>
    public int Take(Span<byte> room)
    {
        var rest = _batch.Bytes[_taken..];
        var length = 0;
        while (length < rest.Length)
        {
            var result = FrameHead.TryRead(rest[length..], out var body, out var width);
            Debug.Assert(result == FrameResult.Read, "A frame of our own has no head.");
            if (length + width + body > room.Length)
                break;
            length += width + body;
        }

        rest[..length].CopyTo(room);
        _taken += length;
        if (IsEmpty)
            Clear();
        else if (_taken > InterestLimits.KeptBuffer && _taken > _batch.Length / 2)
            Compact();
        return length;
    }

    public void Clear()
    {
        if (_batch.Length > InterestLimits.KeptBuffer)
            _batch = new();
        else
            _batch.Clear();
        _taken = 0;
    }

    private void Compact()
    {
        _batch.DropFirst(_taken);
        _taken = 0;
    }
}
