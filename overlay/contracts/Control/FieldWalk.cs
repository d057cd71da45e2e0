using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control;

/// <summary>
/// Walks the fields of a map whose keys are small numbers. What has another key is skipped or left to the caller to skip;
/// a known field that comes twice makes the map malformed, so that no two readers can see two different messages.
/// </summary>
internal struct FieldWalk
{
    private const int Known = 64;

    private int _left;
    private ulong _seen;
    private bool _isMalformed;

    public static bool TryBegin(ref MessagePackReader reader, out FieldWalk walk)
    {
        walk = default;
        return reader.TryReadMapHeader(out walk._left);
    }

    /// <summary>Goes to the next field, whose value the caller reads or skips. False at the end, and where the map is malformed.</summary>
    public bool TryNext(ref MessagePackReader reader, out int field)
    {
        field = 0;
        while (_left > 0 && !_isMalformed)
        {
            _left--;
            if (!reader.TryReadInt32(out field))
            {
                _isMalformed = !reader.TrySkip(2);
                continue;
            }

            if (field is < 0 or >= Known)
                return true;
            _isMalformed = Has(field);
            _seen |= 1UL << field;
            return !_isMalformed;
        }

        return false;
    }

    public readonly bool Has(int field) => (_seen & (1UL << field)) != 0;

    /// <summary>The whole map was walked, and each field of <paramref name="required"/>, as bits, was in it.</summary>
    public readonly bool Ended(ulong required) => !_isMalformed && _left == 0 && (_seen & required) == required;
}
