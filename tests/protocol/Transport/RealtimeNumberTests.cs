using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>What the numbers of a Realtime flow's packets say is missing, also when they come round. docs/wire-format.md, section 7.4.</summary>
public sealed class RealtimeNumberTests
{
    /// <summary>A packet that comes late is no new one, however many the flow has sent.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(0xF000_0000u)]
    public void A_late_packet_counts_once_after_any_number_of_others(uint first)
    {
        var layer = new TransportLayer(new BootEpoch(1), TransportOptions.Default);
        var now = MonoTime.FromSeconds(10);
        Arrive(first);
        for (var step = 1u; step <= 20; step++)
        {
            Arrive(first + (step << 28));
            Arrive(first + (step << 28) + 2);
            var before = Expected();
            Arrive(first + (step << 28) + 1);
            Assert.Equal(before, Expected());
        }

        long Expected() => Assert.Single(layer.InspectPairs(now)).Expected;

        void Arrive(uint sequence)
        {
            var packet = new byte[RealtimeHeader.MaxLength + 1];
            var writer = new WireWriter(packet);
            new RealtimeHeader { OriginEpoch = new BootEpoch(7), Flow = 0, Sequence = sequence, Count = 1 }.Write(ref writer);
            writer.WriteByte(1);
            layer.HandlePacket(now, new NodeId(2), ServiceClass.Realtime, now + Duration.FromSeconds(1), marked: false, packet.AsSpan(0, writer.Length));
            while (layer.TryReceive(now, out _))
            {
            }
        }
    }
}
