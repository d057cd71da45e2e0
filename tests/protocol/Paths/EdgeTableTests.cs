using WeCan.Contracts;
using WeCan.Protocol.Paths;

namespace WeCan.Protocol.Tests.Paths;

/// <summary>Dense indices of edges. docs/wire-format.md, section 6.2.</summary>
public sealed class EdgeTableTests
{
    private readonly EdgeTable _table = new();

    [Fact]
    public void AnIndexMeansOneNodeAndANodeHasOneIndex()
    {
        Assert.True(_table.TrySet(3, 255, new(7)));
        Assert.True(_table.TryGetIndex(new(7), out var set, out var bit));
        Assert.Equal((3, 255), (set, bit));
        Assert.Equal(new NodeId(7), _table[3, 255]);
        Assert.Equal(NodeId.None, _table[3, 254]);
        Assert.Equal(NodeId.None, _table[4, 255]);

        Assert.True(_table.TrySet(3, 255, new(8)));
        Assert.False(_table.TryGetIndex(new(7), out _, out _));
        Assert.True(_table.TrySet(0, 0, new(8)));
        Assert.Equal(NodeId.None, _table[3, 255]);
        Assert.Equal(new NodeId(8), _table[0, 0]);
        Assert.True(_table.TrySet(0, 0, NodeId.None));
        Assert.False(_table.TryGetIndex(new(8), out _, out _));
    }

    [Fact]
    public void ThereAreSixtyFourSetsAtMostAndAnEmptyOneIsNone()
    {
        for (var set = 0; set < PathLimits.MaxEdgeSets; set++)
            Assert.True(_table.TrySet((byte)set, 1, new((ushort)(1 + set))));
        Assert.False(_table.TrySet(200, 1, new(900)));
        Assert.False(_table.TryGetIndex(new(900), out _, out _));
        Assert.True(_table.TrySet(200, 1, NodeId.None));
        Assert.True(_table.TrySet(5, 2, new(900)));
        Assert.True(_table.TrySet(6, 1, NodeId.None));
        Assert.True(_table.TrySet(200, 1, new(901)));
    }
}
