using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WeCan.Protocol.Crypto;

/// <summary>OSSL_PARAM: one named value that goes into or out of an OpenSSL object. An array of them ends with a default.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OpenSslParameter
{
    private const uint OctetString = 5;

    private byte* _name;
    private uint _type;
    private byte* _data;
    private nuint _length;
    private nuint _returned;

    /// <summary>The tag of an AEAD, 16 bytes at <paramref name="tag"/>. The name is a constant of the program, which does not move.</summary>
    public static OpenSslParameter Tag(byte* tag) => new()
    {
        _name = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference("tag\0"u8)),
        _type = OctetString,
        _data = tag,
        _length = AeadKey.TagBytes,
        _returned = nuint.MaxValue,
    };
}
