using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Wire;

/// <summary>docs/wire-format.md, section 1: the sizes fit into each other.</summary>
public sealed class WireLimitsTests
{
    [Fact]
    public void A_full_segment_fits_a_path_packet_behind_the_longest_headers()
    {
        Assert.True(WireLimits.MaxPathHeader + TransportLimits.MaxPacket <= WireLimits.MaxPathPacket);
        Assert.True(WireLimits.MaxPathHeader + TransportLimits.MaxTransmit <= WireLimits.MaxPathPacket);
        Assert.True(MulticastHeader.MaxLength + TransportLimits.MaxPacket <= WireLimits.MaxPathPacket);
    }

    [Fact]
    public void A_whole_Realtime_message_takes_no_more_room_than_a_full_segment() =>
        Assert.True(RealtimeHeader.MaxWholeLength + WireLimits.MaxWholeRealtime <= TransportLimits.MaxPacket);

    [Fact]
    public void A_path_packet_fits_a_full_datagram_whole_and_a_base_datagram_in_two_pieces()
    {
        const int piece = SealedHeader.MinDatagram + DataFrame.MinHeader + DataFrame.PieceField;
        Assert.True(SealedHeader.MinDatagram + DataFrame.MinHeader + WireLimits.MaxPathPacket <= WireLimits.FullDatagram);
        Assert.True(2 * (WireLimits.BaseDatagram - piece) >= WireLimits.MaxPathPacket);
    }
}
