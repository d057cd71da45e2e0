using System.Buffers;

namespace WeCan.Edge.Bus.Web;

/// <summary>Bytes that wait to be sent, in an array that a pool lends while there are any. Whoever takes them gives the array back.</summary>
internal sealed class SendBuffer
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public int Room => WebLimits.SendBytes - Length;

    public static void Return(byte[] bytes)
    {
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>At most as many as there is room for.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var length = Length + bytes.Length;
        if (length > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, WebLimits.SendBytesAtFirst));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            Return(_bytes);
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length = length;
    }

    public (byte[] Bytes, int Length) Take()
    {
        var taken = (_bytes, Length);
        (_bytes, Length) = ([], 0);
        return taken;
    }
}
