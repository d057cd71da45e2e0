using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Wire;

/// <summary>docs/wire-format.md, section 6.3.</summary>
public sealed class ClientPacketTests
{
    [Fact]
    public void ThePageDrawsThisPacket()
    {
        byte[] packet = [0, 0, 0, 0, 0, 0x40, 1, 2, 3];
        ClientPacket.Write(packet, ServiceClass.Realtime, priority: 5, deadline: 0x0102_0304);
        Assert.Equal([0x94, 1, 2, 3, 4, 0x40, 1, 2, 3], packet);
        Assert.True(ClientPacket.TryRead(packet, ServiceClass.Realtime, out var read));
        Assert.Equal((5, 0x0102_0304u), (read.Priority, read.Deadline));
        Assert.Equal([0x40, 1, 2, 3], read.Payload.ToArray());
    }

    [Theory]
    [InlineData(ServiceClass.Control)]
    [InlineData(ServiceClass.Signal)]
    [InlineData(ServiceClass.Bulk)]
    public void OnlyRealtimeHasADeadline(ServiceClass serviceClass)
    {
        byte[] packet = [0, 0x10];
        ClientPacket.Write(packet, serviceClass, priority: 7, deadline: 9);
        Assert.Equal([0x9C, 0x10], packet);
        Assert.True(ClientPacket.TryRead(packet, serviceClass, out var read));
        Assert.Equal(0u, read.Deadline);
        Assert.Equal([0x10], read.Payload.ToArray());
    }

    [Theory]
    [InlineData(0x1C, 0x10)]
    [InlineData(0x5C, 0x10)]
    [InlineData(0xDC, 0x10)]
    [InlineData(0xBC, 0x10)]
    [InlineData(0x9D, 0x10)]
    [InlineData(0x9E, 0x10)]
    [InlineData(0x9C, 0x00)]
    [InlineData(0x9C, 0x50)]
    [InlineData(0x9C, 0x60)]
    [InlineData(0x9C, 0x70)]
    [InlineData(0x9C, 0x80)]
    public void OtherKindsReservedBitsAndOtherTransportPacketsAreRefused(byte kind, byte type) =>
        Assert.False(ClientPacket.TryRead([kind, type, 0, 0, 0, 0, 0, 0], ServiceClass.Signal, out _));

    [Fact]
    public void APacketWithoutContentIsRefused()
    {
        Assert.False(ClientPacket.TryRead([], ServiceClass.Signal, out _));
        Assert.False(ClientPacket.TryRead([0x9C], ServiceClass.Signal, out _));
        Assert.False(ClientPacket.TryRead([0x9C, 1, 2, 3, 4], ServiceClass.Realtime, out _));
    }
}
