using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;

namespace WeCan.Contracts.Tests.Control;

public sealed class FrameAssemblerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Frames_come_out_whole_however_the_stream_is_cut(int seed)
    {
        var random = new Random(seed);
        var samples = new ControlSamples(random);
        var frames = Enumerable.Range(0, 200).Select(i => samples.Message(i % ControlSamples.Kinds).ToFrame()).ToList();
        var stream = frames.SelectMany(frame => frame).ToArray();
        var assembler = new FrameAssembler();
        var taken = new List<byte[]>();
        for (var at = 0; at < stream.Length;)
        {
            var size = Math.Min(stream.Length - at, random.Next(3) switch { 0 => 1, 1 => random.Next(1, 40), _ => random.Next(1, 20_000) });
            assembler.Add(stream.AsSpan(at, size));
            at += size;
            while (assembler.TryTake(out var payload))
                taken.Add(payload.ToArray());
        }

        Assert.Equal(frames.Select(frame => frame[4..]), taken);
        Assert.False(assembler.IsBroken);
    }

    [Theory]
    [InlineData(0x00000000u)]
    [InlineData(0x00100001u)]
    [InlineData(0xFFFFFFFFu)]
    public void A_length_that_no_frame_has_breaks_the_stream_at_once(uint length)
    {
        var assembler = new FrameAssembler();
        assembler.Add([.. new PingMessage(1).ToFrame(), (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length]);

        Assert.True(assembler.TryTake(out _));
        Assert.False(assembler.TryTake(out _));
        Assert.True(assembler.IsBroken);
        assembler.Add(new PingMessage(2).ToFrame());
        Assert.False(assembler.TryTake(out _));
    }

    [Fact]
    public void A_claimed_length_costs_nothing_before_its_bytes_come()
    {
        var assembler = new FrameAssembler();
        var before = GC.GetAllocatedBytesForCurrentThread();
        assembler.Add([0, 0x10, 0, 0, 1, 2, 3]);
        Assert.False(assembler.TryTake(out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_096);
    }
}
