using System.Security.Cryptography;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// By OpenSSL's points of an elliptic curve: about 40 µs for an agreement and 10 µs for a public key, a seventh of what
/// .NET's classes take (docs/decisions/0003-native-access.md). The functions are the same in 1.1 and 3.x. Nothing native outlives a call.
/// </summary>
internal sealed unsafe class OpenSslP256Arithmetic : P256Arithmetic
{
    private const int CurveNumber = 415; // NID_X9_62_prime256v1
    private const int Uncompressed = 4;
    private const int PointBytes = 1 + P256PublicKey.Bytes;

    private static readonly delegate* unmanaged<int, nint> GroupNew = (delegate* unmanaged<int, nint>)LibCrypto.Find("EC_GROUP_new_by_curve_name");
    private static readonly delegate* unmanaged<nint, nint> PointNew = (delegate* unmanaged<nint, nint>)LibCrypto.Find("EC_POINT_new");
    private static readonly delegate* unmanaged<nint, void> PointFree = (delegate* unmanaged<nint, void>)LibCrypto.Find("EC_POINT_clear_free");
    private static readonly delegate* unmanaged<byte*, int, nint, nint> NumberRead = (delegate* unmanaged<byte*, int, nint, nint>)LibCrypto.Find("BN_bin2bn");
    private static readonly delegate* unmanaged<nint, void> NumberFree = (delegate* unmanaged<nint, void>)LibCrypto.Find("BN_clear_free");

    /// <summary>(group, point, bytes, length, 0): 1 if the bytes are a point of the curve.</summary>
    private static readonly delegate* unmanaged<nint, nint, byte*, nuint, nint, int> PointRead =
        (delegate* unmanaged<nint, nint, byte*, nuint, nint, int>)LibCrypto.Find("EC_POINT_oct2point");

    /// <summary>(group, point, form, bytes, length, 0): the bytes written.</summary>
    private static readonly delegate* unmanaged<nint, nint, int, byte*, nuint, nint, nuint> PointWrite =
        (delegate* unmanaged<nint, nint, int, byte*, nuint, nint, nuint>)LibCrypto.Find("EC_POINT_point2oct");

    /// <summary>(group, result, n, q, m, 0): result = n × generator + m × q, n or q and m being 0 where they are not meant. 1 is success.</summary>
    private static readonly delegate* unmanaged<nint, nint, nint, nint, nint, nint, int> Multiply =
        (delegate* unmanaged<nint, nint, nint, nint, nint, nint, int>)LibCrypto.Find("EC_POINT_mul");

    private readonly nint _group;

    private OpenSslP256Arithmetic(nint group) => _group = group;

    public static OpenSslP256Arithmetic? TryCreate()
    {
        if (!LibCrypto.IsUsable || GroupNew == null || PointNew == null || PointFree == null || NumberRead == null
            || NumberFree == null || PointRead == null || PointWrite == null || Multiply == null)
            return null;
        var group = GroupNew(CurveNumber);
        return group == 0 ? null : new(group);
    }

    public override P256PublicKey PublicKeyOf(ReadOnlySpan<byte> scalar)
    {
        Span<byte> product = stackalloc byte[PointBytes];
        if (!TryMultiply(scalar, point: [], product))
            throw new CryptographicException("OpenSSL found no public key for this private scalar.");
        return P256PublicKey.FromTrusted(product[1..]);
    }

    public override bool TryAgree(ReadOnlySpan<byte> scalar, in P256PublicKey own, in P256PublicKey peer, Span<byte> secret)
    {
        Span<byte> point = stackalloc byte[PointBytes], product = stackalloc byte[PointBytes];
        point[0] = Uncompressed;
        peer.Write(point[1..]);
        if (peer.IsNone || !TryMultiply(scalar, point, product))
            return false;
        product[1..(1 + ScalarBytes)].CopyTo(secret);
        CryptographicOperations.ZeroMemory(product);
        return true;
    }

    /// <summary>Multiplies a point, or the generator where none is given.</summary>
    private bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> product)
    {
        fixed (byte* scalarBytes = scalar, pointBytes = point, productBytes = product)
        {
            var number = NumberRead(scalarBytes, scalar.Length, 0);
            var result = PointNew(_group);
            var factor = point.IsEmpty ? 0 : PointNew(_group);
            try
            {
                if (number == 0 || result == 0 || (!point.IsEmpty && factor == 0))
                    return false;
                var multiplied = point.IsEmpty
                    ? Multiply(_group, result, number, 0, 0, 0)
                    : PointRead(_group, factor, pointBytes, (nuint)point.Length, 0) == 1
                        ? Multiply(_group, result, 0, factor, number, 0)
                        : 0;
                return multiplied == 1
                    && PointWrite(_group, result, Uncompressed, productBytes, (nuint)product.Length, 0) == PointBytes;
            }
            finally
            {
                NumberFree(number);
                PointFree(result);
                PointFree(factor);
            }
        }
    }
}
