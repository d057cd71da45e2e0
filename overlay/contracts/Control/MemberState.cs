namespace WeCan.Contracts.Control;

/// <summary>Whether routes may count on a member. The values are the wire's.</summary>
public enum MemberState
{
    Active = 1,

    /// <summary>It still forwards, and is about to go: no new route goes over it.</summary>
    Draining = 2,
}
