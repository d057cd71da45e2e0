using System.Runtime.CompilerServices;
using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>What a sender remembers of one packet that asks for acknowledgement, until it is acknowledged or lost.</summary>
internal struct SentPacket
{
    public const int MaxRuns = 3;

    public MonoTime SentAt;

    /// <summary>The delivery snapshot that a bandwidth sample is made against.</summary>
    public DeliverySnapshot Delivery;

    /// <summary>The highest number that an ACK frame in this packet reported, plus 1; 0 for none.</summary>
    public ulong AckReportedNext;

    public SymbolRuns Runs;
    public byte RunCount;
    public ushort Size;
    public bool InFlight;

    /// <summary>Was given up; should it be acknowledged after all, the path reorders.</summary>
    public bool WasLost;

    public bool IsMtuProbe;

    /// <summary>Carries a planned repair of Realtime packets.</summary>
    public bool IsRepair;

    /// <summary>Notes a symbol. False when the packet's runs are full: it must be closed without it.</summary>
    public bool TryAdd(ServiceClass serviceClass, ulong symbol)
    {
        if (RunCount > 0)
        {
            ref var last = ref Runs[RunCount - 1];
            if (last.Class == serviceClass && last.First + last.Count == symbol && last.Count < byte.MaxValue)
            {
                last.Count++;
                return true;
            }
        }

        if (RunCount == MaxRuns)
            return false;
        Runs[RunCount++] = new SymbolRun { First = symbol, Count = 1, Class = serviceClass };
        return true;
    }

    /// <summary>Consecutive symbols of one class.</summary>
    public struct SymbolRun
    {
        public ulong First;
        public byte Count;
        public ServiceClass Class;
    }

    /// <summary>Where delivery stood when a packet was sent.</summary>
    public struct DeliverySnapshot
    {
        public long Delivered;
        public MonoTime DeliveredAt;
        public MonoTime FirstSentAt;

        /// <summary>Bytes that were in flight before it.</summary>
        public int InFlight;
        public bool AppLimited;

        /// <summary>Less was in flight than the path holds without a queue.</summary>
        public bool IsCalm;
    }

    /// <summary>The runs, in place.</summary>
    [InlineArray(MaxRuns)]
    public struct SymbolRuns
    {
        private SymbolRun _first;
    }
}
