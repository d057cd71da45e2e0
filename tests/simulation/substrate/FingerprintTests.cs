namespace WeCan.Simulation.Tests.Substrate;

public sealed class FingerprintTests
{
    [Fact]
    public void OrderLengthAndEveryBitCount()
    {
        var prints = new HashSet<ulong> { Of([]), Of([[]]), Of([[0]]), Of([[0, 0]]), Of([[0], [0]]), Of([[1], [2]]), Of([[2], [1]]) };
        Assert.Equal(7, prints.Count);
        var bytes = new byte[77];
        prints.Add(Of([bytes]));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.True(prints.Add(Of([bytes])));
            bytes[bit >> 3] ^= (byte)(1 << (bit & 7));
        }
    }

    [Fact]
    public void TheSameIsTheSame() => Assert.Equal(Of([[1, 2, 3], new byte[100]]), Of([[1, 2, 3], new byte[100]]));

    private static ulong Of(byte[][] parts)
    {
        var fingerprint = new Fingerprint();
        foreach (var part in parts)
            fingerprint.Add(part);
        return fingerprint.Value;
    }
}
