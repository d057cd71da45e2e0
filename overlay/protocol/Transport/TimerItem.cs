using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>Something with one deadline in a <see cref="TimerHeap"/>.</summary>
internal abstract class TimerItem
{
    /// <summary>When the item wants to be called. Set through <see cref="TimerHeap.Set"/>.</summary>
    public MonoTime Due { get; internal set; } = MonoTime.Never;

    /// <summary>Where the item stands in the heap; below zero when it does not.</summary>
    internal int HeapIndex { get; set; } = -1;

    /// <summary>Called at or after <see cref="Due"/>, when the item stands in no heap; it sets its next deadline itself.</summary>
    public abstract void HandleTimeout(MonoTime now);
}
