using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Tests.Crypto;

/// <summary>Holds docs/wire-format.md, section 4: the nonce's making; and the published vectors, for each provider.</summary>
public sealed class AeadKeyTests
{
    private const string Sunscreen =
        "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f"
        + "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e";

    public static TheoryData<string> Providers() => [.. AeadProvider.All.Select(provider => provider.Name)];

    public static TheoryData<string, CipherSuite> Ciphers()
    {
        var data = new TheoryData<string, CipherSuite>();
        foreach (var provider in AeadProvider.All)
        {
            data.Add(provider.Name, CipherSuite.Aes128Gcm);
            data.Add(provider.Name, CipherSuite.ChaCha20Poly1305);
        }

        return data;
    }

    public static TheoryData<string, CipherSuite, string, string, string, string, string> Vectors()
    {
        // McGrew and Viega's test cases 1 to 4, as NIST took them over; RFC 8439, section 2.8.2.
        const string key = "feffe9928665731c6d6a8f9467308308", iv = "cafebabefacedbaddecaf888";
        const string plaintext = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
        const string ciphertext = "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091";
        var data = new TheoryData<string, CipherSuite, string, string, string, string, string>();
        foreach (var provider in AeadProvider.All.Select(provider => provider.Name))
        {
            data.Add(provider, CipherSuite.Aes128Gcm, new('0', 32), new('0', 24), "", "", "58e2fccefa7e3061367f1d57a4e7455a");
            data.Add(provider, CipherSuite.Aes128Gcm, new('0', 32), new('0', 24), "", new('0', 32), "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");
            data.Add(provider, CipherSuite.Aes128Gcm, key, iv, "", plaintext + "1aafd255", ciphertext + "473f5985" + "4d5c2af327cd64a62cf35abd2ba6fab4");
            data.Add(provider, CipherSuite.Aes128Gcm, key, iv, "feedfacedeadbeeffeedfacedeadbeefabaddad2", plaintext, ciphertext + "5bc94fbc3221a5db94fae95ae7121a47");
            data.Add(
                provider, CipherSuite.ChaCha20Poly1305, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", "070000004041424344454647",
                "50515253c0c1c2c3c4c5c6c7", Sunscreen,
                "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116" + "1ae10b594f09e26a7e902ecbd0600691");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Seals_and_opens_the_published_vectors(string provider, CipherSuite suite, string key, string iv, string associated, string plaintext, string expected)
    {
        // Packet number 0 leaves the IV as it is; any other number is undone by an IV that was XORed with it before.
        foreach (var number in (ulong[])[0, 1, 0x0123_4567_89AB_CDEF])
        {
            var shifted = Convert.FromHexString(iv);
            for (var i = 0; i < 8; i++)
                shifted[^(i + 1)] ^= (byte)(number >> (8 * i));
            using var sut = Create(provider, suite, Convert.FromHexString(key), shifted);
            var sealedBytes = new byte[expected.Length / 2];
            sut.Seal(number, Convert.FromHexString(associated), Convert.FromHexString(plaintext), sealedBytes);
            Assert.Equal(expected, Convert.ToHexStringLower(sealedBytes));

            var opened = new byte[plaintext.Length / 2];
            Assert.True(sut.TryOpen(number, Convert.FromHexString(associated), sealedBytes, opened));
            Assert.Equal(plaintext, Convert.ToHexStringLower(opened));
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Providers_write_the_same_bytes_at_every_length(string provider, CipherSuite suite)
    {
        var random = DeterministicRandom.FromNumber(1);
        byte[] key = Bytes(random, CipherSuites.KeyBytes(suite)), iv = Bytes(random, AeadKey.IvBytes);
        using var sut = Create(provider, suite, key, iv);
        using var reference = AeadKey.Create(suite, AeadProvider.DotNet, key, iv);
        for (var length = 0; length <= 2_000; length += random.Next(4))
        {
            var number = random.NextUInt64();
            byte[] associated = Bytes(random, random.Next(40)), plaintext = Bytes(random, length);
            byte[] left = new byte[length + AeadKey.TagBytes], right = new byte[left.Length], opened = new byte[length];
            sut.Seal(number, associated, plaintext, left);
            reference.Seal(number, associated, plaintext, right);
            Assert.Equal(right, left);
            Assert.True(sut.TryOpen(number, associated, right, opened));
            Assert.Equal(plaintext, opened);
        }
    }

    /// <summary>Those of NIST's validation program and of Project Wycheproof, which looks for the corners that implementations get wrong.</summary>
    [Theory]
    [MemberData(nameof(Providers))]
    public void Aes_gcm_does_as_the_vectors_of_nist_and_wycheproof_say(string provider)
    {
        using var file = new StreamReader(typeof(AeadKeyTests).Assembly.GetManifestResourceStream("aes-128-gcm.txt")!);
        var vectors = file.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')).ToList();
        Assert.Equal(79, vectors.Count);
        Assert.Equal(27, vectors.Count(vector => vector[7] == "invalid"));
        foreach (var vector in vectors)
        {
            var parts = vector[1..7].Select(text => text == "-" ? [] : Convert.FromHexString(text)).ToArray();
            var (key, iv, associated, plaintext, expected) = (parts[0], parts[1], parts[2], parts[3], (byte[])[.. parts[4], .. parts[5]]);
            using var sut = Create(provider, CipherSuite.Aes128Gcm, key, iv);
            byte[] opened = new byte[plaintext.Length], sealedBytes = new byte[expected.Length];
            opened.AsSpan().Fill(0xFF);
            sut.Seal(0, associated, plaintext, sealedBytes);
            if (vector[7] == "valid")
            {
                Assert.True(expected.AsSpan().SequenceEqual(sealedBytes), vector[0]);
                Assert.True(sut.TryOpen(0, associated, expected, opened), vector[0]);
                Assert.True(plaintext.AsSpan().SequenceEqual(opened), vector[0]);
            }
            else
            {
                Assert.False(sut.TryOpen(0, associated, expected, opened), vector[0]);
                Assert.False(opened.AsSpan().ContainsAnyExcept((byte)0), vector[0]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Works_in_place(string provider, CipherSuite suite)
    {
        using var sut = Create(provider, suite);
        var random = DeterministicRandom.FromNumber(2);
        foreach (var length in (int[])[0, 1, 15, 16, 17, 64, 200, 1_200, 5_000])
        {
            var plaintext = Bytes(random, length);
            byte[] apart = new byte[length + AeadKey.TagBytes], buffer = [.. plaintext, .. new byte[AeadKey.TagBytes]];
            sut.Seal(9, "head"u8, plaintext, apart);
            sut.Seal(9, "head"u8, buffer.AsSpan(0, length), buffer);
            Assert.Equal(apart, buffer);
            Assert.True(sut.TryOpen(9, "head"u8, buffer, buffer));
            Assert.Equal(plaintext, buffer[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Refuses_every_changed_bit_and_shows_no_plaintext(string provider, CipherSuite suite)
    {
        using var sut = Create(provider, suite);
        var associated = "123456789"u8.ToArray();
        var plaintext = Enumerable.Repeat((byte)0x5A, 33).ToArray();
        var sealedBytes = new byte[plaintext.Length + AeadKey.TagBytes];
        var opened = new byte[plaintext.Length];
        sut.Seal(5, associated, plaintext, sealedBytes);
        foreach (var bytes in (byte[][])[sealedBytes, associated])
        {
            for (var bit = 0; bit < 8 * bytes.Length; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                opened.AsSpan().Fill(0xFF);
                Assert.False(sut.TryOpen(5, associated, sealedBytes, opened));
                Assert.False(opened.AsSpan().ContainsAnyExcept((byte)0));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        for (var bit = 0; bit < 64; bit++)
            Assert.False(sut.TryOpen(5 ^ (1UL << bit), associated, sealedBytes, opened));
        for (var length = 0; length < sealedBytes.Length; length++)
            Assert.False(sut.TryOpen(5, associated, sealedBytes.AsSpan(0, length), opened));
        Assert.False(sut.TryOpen(5, associated, [.. sealedBytes, 0], new byte[opened.Length + 1]));
        Assert.True(sut.TryOpen(5, associated, sealedBytes, opened));
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Allocates_nothing(string provider, CipherSuite suite)
    {
        using var sut = Create(provider, suite);
        var buffer = new byte[1_216];
        long before = 0;
        for (ulong number = 0; number < 200; number++)
        {
            if (number == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            sut.Seal(number, "123456789"u8, buffer.AsSpan(0, 1_200), buffer);
            sut.TryOpen(number, "123456789"u8, buffer, buffer);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("hardware")]
    [InlineData("openssl")]
    public void Allocates_nothing_for_forged_packets(string provider)
    {
        Assert.SkipUnless(AeadProvider.All.Any(one => one.Name == provider), "This machine does not have it.");
        using var sut = Create(provider, CipherSuite.Aes128Gcm);
        var forged = new byte[1_216];
        sut.TryOpen(0, [], forged, forged);
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; what allocates by itself does so every time.
        for (var attempt = 0; attempt < 3 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (ulong number = 0; number < 1_000; number++)
                Assert.False(sut.TryOpen(number, [], forged, forged));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void A_disposed_key_or_a_small_destination_is_our_bug(string provider, CipherSuite suite)
    {
        var sut = Create(provider, suite);
        Assert.Throws<ArgumentException>(() => sut.Seal(0, [], new byte[4], new byte[19]));
        Assert.Throws<ArgumentException>(() => sut.TryOpen(0, [], new byte[20], new byte[3]));
        sut.Dispose();
        sut.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sut.Seal(0, [], new byte[4], new byte[20]));
        Assert.Throws<ObjectDisposedException>(() => sut.TryOpen(0, [], new byte[20], new byte[4]));
        Assert.Throws<ArgumentException>(() => Create(provider, suite, new byte[15], new byte[12]));
        Assert.Throws<ArgumentException>(() => Create(provider, suite, new byte[CipherSuites.KeyBytes(suite)], new byte[11]));
    }

    private static AeadKey Create(string provider, CipherSuite suite) =>
        Create(provider, suite, Bytes(DeterministicRandom.FromNumber(3), CipherSuites.KeyBytes(suite)), new byte[AeadKey.IvBytes]);

    private static AeadKey Create(string provider, CipherSuite suite, byte[] key, byte[] iv) =>
        AeadKey.Create(suite, AeadProvider.All.Single(one => one.Name == provider), key, iv);

    private static byte[] Bytes(DeterministicRandom random, int count)
    {
        var bytes = new byte[count];
        random.Fill(bytes);
        return bytes;
    }
}
