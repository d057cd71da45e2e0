using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>
/// What a link does with one packet. <see cref="Due"/> and <see cref="DuplicateDue"/> are when its copies arrive, Never
/// for none; <see cref="CorruptBit"/> is the bit of the UDP payload that arrives flipped in every copy, or -1.
/// </summary>
public readonly record struct LinkVerdict(PacketFate Fate, MonoTime Due, MonoTime DuplicateDue, int CorruptBit, bool Reordered)
{
    public bool IsDuplicated => !DuplicateDue.IsNever;

    internal static LinkVerdict Dropped(PacketFate fate) => new(fate, MonoTime.Never, MonoTime.Never, -1, false);
}
