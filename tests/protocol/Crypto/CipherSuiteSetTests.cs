using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Tests.Crypto;

public sealed class CipherSuiteSetTests
{
    private static readonly CipherSuiteSet Aes = CipherSuiteSet.Of(CipherSuite.Aes128Gcm);
    private static readonly CipherSuiteSet ChaCha = CipherSuiteSet.Of(CipherSuite.ChaCha20Poly1305);

    [Fact]
    public void Picks_the_preferred_suite_when_both_have_it_and_another_common_one_otherwise()
    {
        Assert.True(CipherSuiteSet.Known.TryPick(CipherSuiteSet.Known, CipherSuite.ChaCha20Poly1305, out var suite));
        Assert.Equal(CipherSuite.ChaCha20Poly1305, suite);
        Assert.True(CipherSuiteSet.Known.TryPick(Aes, CipherSuite.ChaCha20Poly1305, out suite));
        Assert.Equal(CipherSuite.Aes128Gcm, suite);
        Assert.True(ChaCha.TryPick(CipherSuiteSet.Known, CipherSuite.Aes128Gcm, out suite));
        Assert.Equal(CipherSuite.ChaCha20Poly1305, suite);
    }

    [Fact]
    public void Nothing_in_common_or_only_suites_of_tomorrow_is_no_choice()
    {
        Assert.False(Aes.TryPick(ChaCha, CipherSuite.Aes128Gcm, out _));
        Assert.False(CipherSuiteSet.Known.TryPick(new(0xF9), CipherSuite.Aes128Gcm, out _));
        Assert.True(new CipherSuiteSet(0xFF).TryPick(new(0xFB), CipherSuite.ChaCha20Poly1305, out var suite));
        Assert.Equal(CipherSuite.Aes128Gcm, suite);
    }

    [Fact]
    public void No_set_holds_a_suite_that_is_not_known()
    {
        for (var value = 0; value <= byte.MaxValue; value++)
            Assert.Equal(value is 1 or 2, new CipherSuiteSet(0xFF).Contains((CipherSuite)value));
    }
}
