using System.Buffers.Binary;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>Who publishes, all over the network: the random number of a client's session.</summary>
internal readonly record struct PublisherName(UInt128 Value)
{
    public static PublisherName Read(ReadOnlySpan<byte> session) => new(BinaryPrimitives.ReadUInt128BigEndian(session));

    public void Write(Span<byte> session) => BinaryPrimitives.WriteUInt128BigEndian(session[..HelloFrame.SessionBytes], Value);
}
