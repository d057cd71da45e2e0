using System.Runtime.InteropServices;

namespace WeCan.Sockets.Linux;

/// <summary>struct msghdr, as the kernel has it on every machine: words are as wide as the machine's.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MessageHeader
{
    public nint Name;
    public uint NameLength;
    public nint Parts;
    public nint PartCount;
    public nint Control;
    public nint ControlLength;
    public int Flags;
}
