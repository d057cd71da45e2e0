using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// Owns an expanded key: outside of the collector's memory, so that no copy of it is left behind, and at the start of a line of
/// the cache, so that no register's worth of it lies in two. Erased when it is freed, at the latest with the last reference to it.
/// </summary>
internal sealed unsafe class KeySchedule : SafeHandle
{
    private const int LineBytes = 64;

    public KeySchedule()
        : base(0, ownsHandle: true) => SetHandle((nint)NativeMemory.AlignedAlloc(HardwareAesGcm.ScheduleBytes, LineBytes));

    public override bool IsInvalid => handle == 0;

    /// <summary>Valid while the owner is kept alive and not disposed of.</summary>
    public Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return new((void*)handle, HardwareAesGcm.ScheduleBytes);
        }
    }

    protected override bool ReleaseHandle()
    {
        CryptographicOperations.ZeroMemory(new((void*)handle, HardwareAesGcm.ScheduleBytes));
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
