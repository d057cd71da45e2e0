using System.Diagnostics;
using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// Frames one after the other in a buffer that grows as they need, and is used again. A frame is begun with the most bytes that it can
/// take, written in place, and ended.
/// </summary>
internal sealed class FrameBatch
{
    private byte[] _buffer = [];
    private int _width;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public MessagePackWriter Begin(int longest)
    {
        _width = FrameHead.WidthOf(longest);
        var needed = Length + _width + longest;
        if (_buffer.Length < needed)
            Array.Resize(ref _buffer, Math.Max(needed, _buffer.Length * 2));
        return new(_buffer.AsSpan(Length + _width, longest));
    }

    public void End(in MessagePackWriter writer)
    {
        Debug.Assert(!writer.HasOverflowed, "A frame is longer than its longest.");
        var length = (int)writer.BytesWritten;
        FrameHead.Write(_buffer.AsSpan(Length, _width), length);
        Length += _width + length;
    }

    /// <summary>Adds a frame that was written elsewhere.</summary>
    public void Append(ReadOnlySpan<byte> frame)
    {
        if (_buffer.Length < Length + frame.Length)
            Array.Resize(ref _buffer, Math.Max(Length + frame.Length, _buffer.Length * 2));
        frame.CopyTo(_buffer.AsSpan(Length));
        Length += frame.Length;
    }

    public void Clear() => Length = 0;

    /// <summary>Takes bytes off the front; the others move there.</summary>
    public void DropFirst(int length)
    {
        _buffer.AsSpan(length, Length - length).CopyTo(_buffer);
        Length -= length;
    }
}
