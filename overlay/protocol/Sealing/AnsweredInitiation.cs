using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Sealing;

/// <summary>The newest initiation of a peer that was answered: an older one is not, and the very same gets the same answer.</summary>
internal struct AnsweredInitiation
{
    private ulong _counter;
    private byte[]? _answer;
    private byte[]? _mac;

    /// <summary>The greatest epoch that the peer's handshakes have shown.</summary>
    public BootEpoch Epoch { get; private set; }

    public readonly ReadOnlySpan<byte> Answer => _answer;

    public readonly bool IsRepeated(in SealingMessage message) =>
        message.Epoch == Epoch && message.Counter == _counter && _answer is not null && message.Mac.SequenceEqual(_mac);

    public readonly bool IsNewerThan(in SealingMessage message) =>
        message.Epoch < Epoch || (message.Epoch == Epoch && message.Counter <= _counter);

    public void Take(in SealingMessage message) => (Epoch, _counter) = (message.Epoch, message.Counter);

    public void Keep(in SealingMessage message, ReadOnlySpan<byte> answer) => (_mac, _answer) = (message.Mac.ToArray(), answer.ToArray());

    /// <summary>The peer is in this life, and what it began in earlier ones is over.</summary>
    public void KnowLife(BootEpoch epoch)
    {
        if (epoch > Epoch)
            (Epoch, _counter) = (epoch, 0);
    }
}
