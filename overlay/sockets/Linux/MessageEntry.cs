using System.Runtime.InteropServices;

namespace WeCan.Sockets.Linux;

/// <summary>struct mmsghdr: one message of a batch. The kernel writes how many bytes it moved.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MessageEntry
{
    public MessageHeader Header;
    public uint Length;
}
