using System.Buffers;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// Which symbols of one class have been delivered, so that each is taken once. The sender keeps what it has outstanding
/// within <see cref="WireLimits.SymbolWindow"/> numbers; what lies below the window has been delivered or given up.
/// The bits are rented while symbols come, and given back by <see cref="Trim"/> when the link has been silent.
/// </summary>
internal struct SymbolWindow
{
    private const int Words = WireLimits.SymbolWindow / 64;

    private ulong[]? _bits;
    private ulong _next;
    private ulong _trimmedBelow;

    /// <summary>One more than the highest symbol so far: what the wire's 24 bits are completed against.</summary>
    public readonly ulong Next => _next;

    /// <summary>True for a symbol that was taken or can no longer be: its bytes are not wanted.</summary>
    public readonly bool IsPast(ulong symbol)
    {
        if (symbol >= _next)
            return false;
        if (_next - symbol > WireLimits.SymbolWindow || symbol < _trimmedBelow || _bits is null)
            return true;
        return (_bits[(int)(symbol >> 6) & (Words - 1)] & (1UL << (int)(symbol & 63))) != 0;
    }

    /// <summary>True when this symbol had not come before.</summary>
    public bool TryTake(ulong symbol)
    {
        _bits ??= Rent();
        if (symbol >= _next)
            Advance(symbol);
        else if (_next - symbol > WireLimits.SymbolWindow || symbol < _trimmedBelow)
            return false;
        ref var word = ref _bits[(int)(symbol >> 6) & (Words - 1)];
        var bit = 1UL << (int)(symbol & 63);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    /// <summary>The link has been silent so long that nothing below the highest symbol can still come.</summary>
    public void Trim()
    {
        if (_bits is null)
            return;
        ArrayPool<ulong>.Shared.Return(_bits);
        _bits = null;
        _trimmedBelow = _next;
    }

    private static ulong[] Rent()
    {
        var bits = ArrayPool<ulong>.Shared.Rent(Words);
        Array.Clear(bits);
        return bits;
    }

    private void Advance(ulong symbol)
    {
        if (symbol - _next >= WireLimits.SymbolWindow)
        {
            Array.Clear(_bits!);
        }
        else
        {
            for (var at = _next; at <= symbol; at++)
            {
                var bit = (int)(at & 63);
                if (bit == 0 && symbol - at >= 63)
                {
                    _bits![(int)(at >> 6) & (Words - 1)] = 0;
                    at += 63;
                    continue;
                }

                _bits![(int)(at >> 6) & (Words - 1)] &= ~(1UL << bit);
            }
        }

        _next = symbol + 1;
    }
}
