using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>What a judgement of silence needs to know of a path at one moment.</summary>
/// <param name="To">The way to the peer, as bad as it may be.</param>
/// <param name="AnswerTime">How long an answer takes at the most, within reason.</param>
/// <param name="OverdueAt">When an acknowledgement that is owed has stayed away for so long; Never when none is owed.</param>
/// <param name="IsUrgent">The link is in use: a silence is to be cleared up as fast as can be.</param>
internal readonly record struct PathView(LossModel To, Duration AnswerTime, MonoTime OverdueAt, bool IsUrgent);
