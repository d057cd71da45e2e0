using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest;

/// <summary>What another edge said of a third's silence: when it was last asked, and its latest answer with the time at which that was asked for.</summary>
internal struct Hearsay
{
    public MonoTime AskedAt;
    public MonoTime AnswerTo;
    public Duration Silence;
}
