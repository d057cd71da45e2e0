using System.Buffers.Binary;
using System.Numerics;

namespace WeCan.Contracts.Control;

/// <summary>
/// Cuts an ordered stream of bytes into frames, however the bytes come in pieces. It keeps at most one frame and the piece
/// that came last; a frame's room grows with what came and not with the length that was claimed. Driven by a session:
/// <see cref="Add"/>, then <see cref="TryTake"/> until it says no.
/// </summary>
public sealed class FrameAssembler
{
    private const int FirstRoom = 1024;

    private byte[] _room = new byte[FirstRoom];
    private int _start;
    private int _end;

    /// <summary>A length beyond <see cref="ControlLimits.MaxFrame"/> came, or one of nothing: the stream has no sense from here on.</summary>
    public bool IsBroken { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (IsBroken)
            return;
        if (_start == _end)
            (_start, _end) = (0, 0);
        if (_room.Length - _end < bytes.Length)
            MakeRoom(bytes.Length);
        bytes.CopyTo(_room.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The next whole payload, which stays as it is until bytes are added again.</summary>
    public bool TryTake(out ReadOnlySpan<byte> payload)
    {
        payload = default;
        var held = _room.AsSpan(_start, _end - _start);
        if (IsBroken || held.Length < ControlMessage.HeadBytes)
            return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(held);
        IsBroken = length is 0 or > ControlLimits.MaxFrame;
        if (IsBroken || held.Length - ControlMessage.HeadBytes < length)
            return false;
        payload = held.Slice(ControlMessage.HeadBytes, (int)length);
        _start += ControlMessage.HeadBytes + (int)length;
        return true;
    }

    private void MakeRoom(int size)
    {
        var held = _end - _start;
        var room = held + size <= _room.Length ? _room : new byte[BitOperations.RoundUpToPowerOf2((uint)(held + size))];
        _room.AsSpan(_start, held).CopyTo(room);
        (_room, _start, _end) = (room, 0, held);
    }
}
