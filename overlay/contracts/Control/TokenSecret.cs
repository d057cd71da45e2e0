using System.Buffers.Binary;

namespace WeCan.Contracts.Control;

/// <summary>The secret part of an enrolment token: 128 random bits, which no text shows by accident.</summary>
public readonly record struct TokenSecret(UInt128 Value)
{
    public const int Bytes = 16;

    /// <summary>What a controller keeps. The secret has all of its 128 bits by chance, so that one plain hash hides it.</summary>
    public Fingerprint Hash()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Write(bytes);
        return Fingerprint.Of(bytes);
    }

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    public override string ToString() => "secret";
}
