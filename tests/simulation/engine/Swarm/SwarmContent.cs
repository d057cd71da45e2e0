using System.Buffers.Binary;
using System.Numerics;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// What the messages of a swarm hold: bytes and sizes that follow from the flow's use and the message's number, so that
/// whoever gets one knows what it must be. The first message of a stream and every Realtime message begin with
/// the flow's use, because their receiver has no other way to know whose they are.
/// </summary>
internal static class SwarmContent
{
    /// <summary>The flow's use and the message's number.</summary>
    public const int RealtimeHead = sizeof(uint) + sizeof(ulong);

    /// <summary>The flow's use.</summary>
    public const int FirstHead = sizeof(uint);

    public static int SizeOf(SwarmFlow flow, uint use, ulong number)
    {
        var chance = Word(use, number, ulong.MaxValue);
        var least = flow.IsRealtime ? RealtimeHead : number == 1 ? FirstHead : flow.MinSize;
        if (!flow.IsRealtime && number > 1 && (chance & 15) == 0)
            return 0;
        var most = Math.Max(least + 1, flow.MaxSize);
        var doublings = BitOperations.Log2((uint)most) + 1;
        var top = Math.Min(1L << (1 + (int)((chance >> 8) % (uint)doublings)), most);
        return (int)Math.Clamp((long)((chance >> 16) % (ulong)(top + 1)), least, most);
    }

    public static void Fill(Span<byte> message, SwarmFlow flow, uint use, ulong number)
    {
        ulong place = 0;
        var rest = message;
        for (; rest.Length >= 8; rest = rest[8..])
            BinaryPrimitives.WriteUInt64LittleEndian(rest, Word(use, number, place++));
        var tail = Word(use, number, place);
        for (var i = 0; i < rest.Length; i++)
            rest[i] = (byte)(tail >> (8 * i));
        if (flow.IsRealtime || number == 1)
            BinaryPrimitives.WriteUInt32LittleEndian(message, use);
        if (flow.IsRealtime)
            BinaryPrimitives.WriteUInt64LittleEndian(message[FirstHead..], number);
    }

    public static bool TryReadUse(ReadOnlySpan<byte> message, out uint use) => BinaryPrimitives.TryReadUInt32LittleEndian(message, out use);

    public static bool TryReadRealtime(ReadOnlySpan<byte> message, out uint use, out ulong number)
    {
        number = 0;
        return TryReadUse(message, out use) && BinaryPrimitives.TryReadUInt64LittleEndian(message[FirstHead..], out number);
    }

    internal static ulong Word(uint use, ulong number, ulong place)
    {
        var mixed = (((ulong)use << 32) ^ number) + (place * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
