namespace WeCan.Protocol.Links;

/// <summary>
/// A direction of a path as Gilbert's chain of two states: every packet of a burst is lost, every other one arrives. It
/// steps with each packet that is sent.
/// </summary>
/// <param name="Loss">The share of packets that is lost; below 1.</param>
/// <param name="Stay">The chance that the packet after a lost one is lost too; not below the share.</param>
internal readonly record struct LossModel(double Loss, double Stay)
{
    /// <summary>Before anything is known: a bad path.</summary>
    public static readonly LossModel Unknown = new(0.3, 0.6);

    /// <summary>The chance that the packet after one that arrived is lost.</summary>
    public double Enter => Loss * (1 - Stay) / (1 - Loss);

    /// <summary>How many packets in a row chance loses less often than this.</summary>
    public int PacketsFor(double chance) => 1 + Math.Max(0, (int)Math.Ceiling(Math.Log(chance / Loss) / Math.Log(Stay)));
}
