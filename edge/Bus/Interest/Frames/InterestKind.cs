namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>
/// What a frame between the desks of two edges says. Each is <code>[kind, field, field, …]</code> in MessagePack; fields and kinds that a
/// reader does not know are skipped. The numbers stay. docs/wire-format.md, section 11.
/// </summary>
internal enum InterestKind : byte
{
    None = 0,

    // A registrant.
    Begin = 1,
    Add = 2,
    Remove = 3,
    Leave = 4,
    Told = 5,
    Complete = 6,

    // A home.
    Confirmed = 7,
    Slice = 8,
    Change = 9,
    Ended = 10,
    Pong = 11,

    // A follower.
    Follow = 12,
    Unfollow = 13,
    Ping = 14,

    // Anyone, of a third.
    Ask = 15,
    Answer = 16,
}
