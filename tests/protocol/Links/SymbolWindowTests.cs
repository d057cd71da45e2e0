using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>docs/wire-format.md, section 5.6: the receiver takes each symbol once.</summary>
public sealed class SymbolWindowTests
{
    [Fact]
    public void Every_symbol_within_the_window_is_taken_once()
    {
        var random = new Random(7);
        var window = default(SymbolWindow);
        var taken = new HashSet<ulong>();
        ulong highest = 0;
        for (var step = 0; step < 50_000; step++)
        {
            var symbol = random.Next(3) == 0 && highest > 4_000
                ? highest - (ulong)random.Next(0, 4_000)
                : highest + (ulong)random.Next(0, 3);
            Assert.Equal(taken.Contains(symbol), window.IsPast(symbol));
            Assert.Equal(taken.Add(symbol), window.TryTake(symbol));
            Assert.True(window.IsPast(symbol));
            highest = Math.Max(highest, symbol);
        }
    }

    [Fact]
    public void What_lies_below_the_window_counts_as_taken()
    {
        var window = default(SymbolWindow);
        Assert.True(window.TryTake(WireLimits.SymbolWindow));
        Assert.True(window.IsPast(0));
        Assert.False(window.IsPast(1));
        Assert.False(window.TryTake(0));
        Assert.True(window.TryTake(1));
    }

    [Fact]
    public void After_a_trim_only_later_symbols_are_new()
    {
        var window = default(SymbolWindow);
        Assert.True(window.TryTake(10));
        window.Trim();
        Assert.True(window.IsPast(9));
        Assert.False(window.IsPast(11));
        Assert.False(window.TryTake(9));
        Assert.True(window.IsPast(9));
        Assert.False(window.IsPast(11));
        Assert.False(window.TryTake(10));
        Assert.True(window.TryTake(11));
    }
}
