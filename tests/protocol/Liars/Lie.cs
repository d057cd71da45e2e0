using WeCan.Contracts;

namespace WeCan.Protocol.Tests.Liars;

/// <summary>One way to lie.</summary>
/// <param name="Begin">What the liar does otherwise than an honest node.</param>
/// <param name="Say">What it says beside, at every tick.</param>
internal sealed record Lie(string Name, Action<LyingNode>? Begin = null, Action<LyingNode, int>? Say = null)
{
    /// <summary>The node's number that the liar lies to.</summary>
    public static readonly NodeId Victim = new(1);

    /// <summary>Two honest neighbours of the victim.</summary>
    public static readonly NodeId Witness = new(3);

    public static readonly NodeId Bystander = new(4);

    /// <summary>The victim's application sends to the liar meanwhile.</summary>
    public bool Loaded { get; init; }

    /// <summary>Neighbours to whom each packet is to be carried beside one, as any origin may ask.</summary>
    public int Copies { get; init; }

    /// <summary>An honest node could never say it: the link is closed.</summary>
    public bool IsProvable { get; init; }

    /// <summary>What the lie is, repeated more slowly.</summary>
    public Lie Slowed(int times) => this with { Name = Name + " slowly", Say = Say is null ? null : (liar, tick) => SayEach(liar, tick, times) };

    private void SayEach(LyingNode liar, int tick, int times)
    {
        if (tick % times == 0)
            Say!(liar, tick / times);
    }
}
