using System.Runtime.InteropServices;

namespace WeCan.Sockets.Linux;

/// <summary>struct iovec: where a message's bytes lie. The memory is pinned by whoever wrote the address here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoVector
{
    public nint Base;
    public nint Length;
}
