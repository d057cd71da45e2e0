using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;

namespace WeCan.Contracts.Tests.Control;

/// <summary>
/// Whatever bytes come: no exception, memory no more than a multiple of the input, and what is taken is written again into
/// something that is taken alike. A failure names seed, round and bytes.
/// </summary>
public sealed class ControlFuzzTests
{
    private const int Rounds = 30_000;

    /// <summary>An address of 8 bytes on the wire takes 24 in memory, and lists of members double as they grow.</summary>
    private const int AllocationPerInputByte = 24;
    private const int AllocationAtLeast = 2_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_messages_are_taken_or_refused(int seed)
    {
        var random = new Random(seed);
        var corpus = Corpus(seed);
        Check(corpus[0], "warming up");
        var taken = 0;
        for (var round = 0; round < Rounds; round++)
            taken += Check(Mutate(corpus, random), $"seed {seed}, round {round}") ? 1 : 0;
        Assert.InRange(taken, Rounds / 20, Rounds - 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_tokens_are_taken_only_where_they_are_the_same(int seed)
    {
        var random = new Random(seed);
        var secret = new byte[EnrolmentToken.SecretBytes];
        random.NextBytes(secret);
        var token = new EnrolmentToken((ulong)random.NextInt64(), secret, Fingerprint.Of(secret));
        var text = token.Reveal();
        for (var round = 0; round < 20_000; round++)
        {
            var letters = text.ToCharArray().ToList();
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                var at = random.Next(letters.Count);
                switch (random.Next(4))
                {
                    case 0:
                        letters[at] = (char)random.Next(1, random.Next(2) == 0 ? 128 : 65_536);
                        break;
                    case 1:
                        letters.RemoveAt(at);
                        break;
                    case 2:
                        letters.Insert(at, letters[random.Next(letters.Count)]);
                        break;
                    default:
                        letters[at] = char.ToUpperInvariant(letters[at]);
                        break;
                }
            }

            var isTaken = EnrolmentToken.TryParse(new([.. letters]), out var parsed, out var problem);
            Assert.Equal(isTaken, problem is null);
            Assert.True(!isTaken || parsed == token, $"seed {seed}, round {round}: {new string([.. letters])} was taken for another token.");
        }
    }

    private static byte[][] Corpus(int seed)
    {
        var samples = new ControlSamples(new(seed));
        return [.. Enumerable.Range(0, 20 * ControlSamples.Kinds).Select(i => samples.Message(i % ControlSamples.Kinds).ToFrame()[4..]).Where(payload => payload.Length < 3_000)];
    }

    private static byte[] Mutate(byte[][] corpus, Random random)
    {
        var bytes = (byte[])corpus[random.Next(corpus.Length)].Clone();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var other = corpus[random.Next(corpus.Length)];
            switch (random.Next(5))
            {
                case 0 when bytes.Length > 0:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when bytes.Length > 0:
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = bytes[..random.Next(bytes.Length + 1)];
                    break;
                case 3:
                    bytes = [.. bytes[..random.Next(bytes.Length + 1)], .. other[random.Next(other.Length)..]];
                    break;
                default:
                    // A large count at the head of a list, with little behind it.
                    var at = random.Next(bytes.Length + 1);
                    bytes = [.. bytes[..at], 0xdd, 0, 0, (byte)random.Next(8), (byte)random.Next(256), .. bytes[at..]];
                    break;
            }
        }

        return bytes;
    }

    private static bool Check(byte[] payload, string origin)
    {
        try
        {
            var allocated = Allocated(payload, out var message);

            // Compiling a method anew, which happens now and then, allocates on the thread that waits for it; the reader would do it again.
            if (allocated > AllocationAtLeast + (AllocationPerInputByte * payload.Length))
                allocated = Allocated(payload, out message);
            Assert.True(allocated <= AllocationAtLeast + (AllocationPerInputByte * payload.Length), $"{allocated} bytes were allocated");
            if (message is null)
                return false;
            var frame = message.ToFrame();
            Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(frame.AsSpan(4), out var again));
            Assert.Equal(frame, again!.ToFrame());
            return true;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{origin}, {payload.Length} bytes: {Convert.ToHexString(payload)}", exception);
        }
    }

    private static long Allocated(byte[] payload, out ControlMessage? message)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ControlMessage.TryRead(payload, out message);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
