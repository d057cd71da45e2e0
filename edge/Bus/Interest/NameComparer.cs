using System.Diagnostics.CodeAnalysis;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest;

/// <summary>Names as keys of tables that are asked with lent bytes.</summary>
/// <param name="seed">Unknown to those who choose the names.</param>
internal sealed class NameComparer(ulong seed) : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)TokenHash.Of(seed, alternate);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
