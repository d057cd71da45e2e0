using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Wire;

/// <summary>docs/wire-format.md, section 4: low bits are completed to the nearest number.</summary>
public sealed class SerialTests
{
    [Theory]
    [InlineData(0UL, 0UL)]
    [InlineData(5UL, 0UL)]
    [InlineData(0UL, 5UL)]
    [InlineData(0xFFFF_FFFFUL, 0x1_0000_0001UL)]
    [InlineData(0x1_0000_0001UL, 0xFFFF_FFF0UL)]
    [InlineData(0x7_0000_1234UL, 0x7_0000_0000UL)]
    public void Numbers_near_the_expected_one_come_back(ulong number, ulong expected)
    {
        Assert.Equal(number, Serial.Expand32((uint)number, expected));
    }

    [Theory]
    [InlineData(0UL, 0UL)]
    [InlineData(0xFF_FFFFUL, 0x100_0001UL)]
    [InlineData(0x100_0001UL, 0xFF_FFF0UL)]
    [InlineData(0x5_0012_3456UL, 0x5_0012_0000UL)]
    public void Symbols_near_the_expected_one_come_back(ulong symbol, ulong expected)
    {
        Assert.Equal(symbol, Serial.Expand24((uint)symbol & 0xFF_FFFF, expected));
    }

    [Fact]
    public void Nothing_goes_below_zero()
    {
        Assert.Equal(0xFFFF_FFF0UL, Serial.Expand32(0xFFFF_FFF0, 3));
        Assert.Equal(0xFF_FFF0UL, Serial.Expand24(0xFF_FFF0, 3));
    }
}
