using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using static WeCan.Protocol.Tests.Handshakes.HandshakeHarness;

namespace WeCan.Protocol.Tests.Handshakes;

/// <summary>Bytes that anybody may send: none throws, none gives keys, none makes much garbage. A failure names its seed.</summary>
public sealed class HandshakeFuzzTests
{
    /// <summary>Two or three keys, a state and its hashes, each of some hundred bytes; a datagram is at most 1.1 KiB.</summary>
    private const long MaxAllocatedPerDatagram = 16_384;

    [Theory]
    [InlineData(1, 6_000)]
    [InlineData(2, 6_000)]
    public void Mutated_messages_of_every_type_give_nothing(ulong seed, int rounds)
    {
        using var harness = new HandshakeHarness(seed);
        var random = DeterministicRandom.FromNumber(seed);
        byte[] initiation = harness.NodeInitiation(), clientInitiation = harness.ClientInitiation();
        byte[] response = harness.NodeResponse(out _), clientResponse = harness.ClientResponse(out _);
        harness.ReadNode(initiation, out _, underLoad: true);
        var cookie = harness.Reply;
        var asked = harness.Verifier.Asked;
        byte[][] messages = [initiation, response, cookie, clientInitiation, clientResponse];
        for (var round = 0; round < rounds; round++)
        {
            var datagram = Mutate(messages[random.Next(messages.Length)], messages, random);
            if (random.Next(2) == 0 && datagram.Length >= MacsBytes)
                harness.WithMac1(datagram);
            if (messages.Any(message => message.AsSpan(0, Math.Max(0, message.Length - MacsBytes)).SequenceEqual(datagram.AsSpan(0, Math.Max(0, datagram.Length - MacsBytes)))))
                continue;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var underLoad = random.Next(8) == 0;
            Assert.True(harness.ReadNode(datagram, out _, underLoad: underLoad) != InitiationOutcome.Accepted, $"seed {seed} round {round}");
            Assert.True(harness.ReadClient(datagram, out _, underLoad: underLoad) != InitiationOutcome.Accepted, $"seed {seed} round {round}");
            Assert.False(harness.Node.TryReadResponse(datagram, out _), $"seed {seed} round {round}");
            Assert.False(harness.Client.TryReadResponse(datagram, out _), $"seed {seed} round {round}");
            Assert.False(harness.Node.TryReadCookie(datagram), $"seed {seed} round {round}");
            Assert.False(harness.Client.TryReadCookie(datagram), $"seed {seed} round {round}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocatedPerDatagram);
        }

        Assert.Equal(asked, harness.Verifier.Asked);
        Assert.True(harness.Node.TryReadResponse(response, out _));
        Assert.True(harness.Client.TryReadResponse(clientResponse, out _));
    }

    [Fact]
    public void Authentic_payloads_of_random_bytes_never_throw()
    {
        using var harness = new HandshakeHarness(3);
        var random = DeterministicRandom.FromNumber(3);
        for (var round = 0; round < 1_000; round++)
        {
            var payload = new byte[random.Next(120)];
            random.Fill(payload);
            if (payload.Length > 20)
                (payload[14], payload[16]) = (1, 1);
            harness.ReadNode(harness.NodeInitiationWith(payload), out _);
            harness.ReadClient(harness.ClientInitiationWith(payload), out _);
            Welcome.TryRead(payload, out _);
            Welcome.TryRead(payload, out _, out _);
        }
    }

    private static byte[] Mutate(byte[] message, byte[][] messages, DeterministicRandom random)
    {
        var bytes = message.ToList();
        for (var count = 1 + random.Next(3); count > 0; count--)
        {
            switch (random.Next(6))
            {
                case 0 when bytes.Count > 0:
                    bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when bytes.Count > 0:
                    bytes.RemoveRange(random.Next(bytes.Count), 1);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count + 1), new byte[1 + random.Next(40)]);
                    break;
                case 3 when bytes.Count > 0:
                    bytes[0] = (byte)random.Next(7);
                    break;
                case 4:
                    var other = messages[random.Next(messages.Length)];
                    var cut = random.Next(Math.Min(other.Length, bytes.Count) + 1);
                    bytes = [.. bytes[..cut], .. other[cut..]];
                    break;
                default:
                    bytes = bytes[..random.Next(bytes.Count + 1)];
                    break;
            }
        }

        return [.. bytes];
    }
}
