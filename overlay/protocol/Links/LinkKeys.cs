using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// The keys of one link and their change under traffic: docs/wire-format.md, sections 4 and 5.7. Invariants: a packet
/// number is sealed once in the link's life; while a change is under way the receiver holds the keys of both phases, so
/// that no packet is lost to it; the initiator alone begins a change, and not before the old receive key has retired.
/// </summary>
internal sealed class LinkKeys : IDisposable
{
    private readonly DeterministicRandom _random;
    private LinkSecrets _secrets;
    private AeadKey _send;
    private AeadKey _receive;
    private AeadKey? _otherReceive;
    private AeadKey? _sendAfterPromotion;
    private RekeyExchange? _exchange;
    private byte[]? _frame;
    private MonoTime _changedAt;
    private MonoTime _retireAt = MonoTime.Never;
    private MonoTime _offerAt = MonoTime.Never;
    private ulong _sealed;
    private uint _receiveGeneration;
    private bool _otherIsNext;
    private bool _owesAnswer;

    /// <summary>Takes the secrets over.</summary>
    public LinkKeys(LinkSecrets secrets, DeterministicRandom random, MonoTime now)
    {
        _secrets = secrets;
        (_send, _receive) = secrets.TakeKeys();
        _random = random;
        _changedAt = now;
    }

    /// <summary>The generation that this side seals with.</summary>
    public uint Generation { get; private set; }

    /// <summary>The node's chance.</summary>
    public DeterministicRandom Random => _random;

    public int SendPhase => (int)(Generation & 1);

    /// <summary>A change can begin when no other is under way and the keys before are forgotten.</summary>
    private bool IsSettled => _exchange is null && _otherReceive is null;

    /// <summary>In line for its turn, an offer that is due wakes nobody.</summary>
    public MonoTime NextTimeout(MonoTime now, bool inLine)
    {
        var next = MonoTime.Min(_retireAt, _changedAt + LinkLimits.RefuseKeysAfter);
        if (_secrets.IsInitiator)
            next = MonoTime.Min(next, IsSettled ? _changedAt + LinkLimits.RekeyAfter : inLine && _offerAt <= now ? MonoTime.Never : _offerAt);
        return next;
    }

    /// <summary>Seals the frames that stand behind the header of the datagram; the last 16 bytes are the tag's.</summary>
    public void Seal(ulong number, Span<byte> datagram)
    {
        _sealed++;
        _send.Seal(number, datagram[..SealedHeader.Length], datagram[SealedHeader.Length..^SealedHeader.TagLength], datagram[SealedHeader.Length..]);
    }

    /// <summary>Opens a datagram with the key of its phase. The first packet of the next phase completes a change of keys.</summary>
    public bool TryOpen(MonoTime now, int phase, ulong number, ReadOnlySpan<byte> datagram, Span<byte> plaintext, Duration probeTimeout)
    {
        var isCurrent = phase == (int)(_receiveGeneration & 1);
        var key = isCurrent ? _receive : _otherReceive;
        if (key is null || !key.TryOpen(number, datagram[..SealedHeader.Length], datagram[SealedHeader.Length..], plaintext))
            return false;
        if (!isCurrent && _otherIsNext)
            Promote(now, probeTimeout);
        return true;
    }

    /// <summary>Whether a packet must go for the sake of a change of keys.</summary>
    public bool OwesFrame(MonoTime now) => _owesAnswer || _offerAt <= now;

    /// <summary>Writes the frame that is owed. True when there was one. An offer goes again when its answer had time to come.</summary>
    public bool WriteFrames(MonoTime now, ref WireWriter writer, Duration probeTimeout)
    {
        if (_frame is null || !OwesFrame(now))
            return false;
        writer.WriteBytes(_frame);
        _owesAnswer = false;
        if (!_offerAt.IsNever)
            _offerAt = now + Duration.Max(LinkLimits.RekeyRetry, probeTimeout);
        return true;
    }

    /// <summary>Reads REKEY OFFER or REKEY ACCEPT. False when its bytes are none that a peer may send.</summary>
    public bool TryHandleFrame(MonoTime now, byte type, ref WireReader reader)
    {
        if (!reader.TryReadUInt32(out var generation) || !reader.TryReadBytes(P256PublicKey.Bytes, out var ephemeral))
            return false;
        if (type == FrameType.RekeyOffer)
            return !_secrets.IsInitiator && TryHandleOffer(generation, ephemeral);
        return _secrets.IsInitiator && TryHandleAccept(now, generation, ephemeral);
    }

    public void HandleTimeout(MonoTime now)
    {
        if (_retireAt <= now)
        {
            _otherReceive?.Dispose();
            _otherReceive = null;
            _retireAt = MonoTime.Never;
        }

        var isDue = now - _changedAt >= LinkLimits.RekeyAfter || _sealed >= LinkLimits.RekeyAfterPackets;
        if (_secrets.IsInitiator && IsSettled && isDue)
        {
            _exchange = new RekeyExchange(_random);
            KeepFrame(FrameType.RekeyOffer, Generation + 1, _exchange);
            _offerAt = now;
        }
    }

    /// <summary>The keys must not be used any more, and no change of them has come about.</summary>
    public bool AreWornOut(MonoTime now) =>
        now - _changedAt >= LinkLimits.RefuseKeysAfter || _sealed >= LinkLimits.RefuseKeysAfterPackets;

    public void Dispose()
    {
        _send.Dispose();
        _receive.Dispose();
        _otherReceive?.Dispose();
        _sendAfterPromotion?.Dispose();
        _exchange?.Dispose();
        _secrets.Dispose();
    }

    private bool TryHandleOffer(uint generation, ReadOnlySpan<byte> ephemeral)
    {
        if (generation == _receiveGeneration + 1 && _otherIsNext && _otherReceive is not null)
        {
            _owesAnswer = true;
            return true;
        }

        if (generation != Generation + 1 || generation != _receiveGeneration + 1 || _otherReceive is not null)
            return generation <= Generation;
        using var own = new RekeyExchange(_random);
        if (!TryDeriveNext(own, ephemeral, out var send))
            return false;
        _sendAfterPromotion = send;
        KeepFrame(FrameType.RekeyAccept, generation, own);
        _owesAnswer = true;
        return true;
    }

    private bool TryHandleAccept(MonoTime now, uint generation, ReadOnlySpan<byte> ephemeral)
    {
        if (_exchange is null || generation != Generation + 1)
            return generation <= Generation;
        if (!TryDeriveNext(_exchange, ephemeral, out var send))
            return false;
        _exchange.Dispose();
        _exchange = null;
        _offerAt = MonoTime.Never;
        SwitchSending(now, send);
        return true;
    }

    /// <summary>
    /// The keys of the next generation, from both ephemerals and the secret of the generation before. The receive key
    /// stands by from now on; the send key is the caller's to switch to.
    /// </summary>
    private bool TryDeriveNext(RekeyExchange own, ReadOnlySpan<byte> peerEphemeral, [NotNullWhen(true)] out AeadKey? send)
    {
        if (!own.TryComplete(_secrets, peerEphemeral, out var next))
        {
            send = null;
            return false;
        }

        _secrets.Dispose();
        _secrets = next;
        (send, _otherReceive) = next.TakeKeys();
        _otherIsNext = true;
        return true;
    }

    private void SwitchSending(MonoTime now, AeadKey send)
    {
        _send.Dispose();
        _send = send;
        Generation++;
        _sealed = 0;
        _changedAt = now;
        _frame = null;
        _owesAnswer = false;
    }

    private void Promote(MonoTime now, Duration probeTimeout)
    {
        (_receive, _otherReceive) = (_otherReceive!, _receive);
        _otherIsNext = false;
        _receiveGeneration++;
        _retireAt = now + Duration.Max(probeTimeout * 3, LinkLimits.MinKeyRetention);
        if (_sendAfterPromotion is null)
            return;
        SwitchSending(now, _sendAfterPromotion);
        _sendAfterPromotion = null;
    }

    private void KeepFrame(byte type, uint generation, RekeyExchange own)
    {
        _frame = new byte[1 + 4 + P256PublicKey.Bytes];
        var writer = new WireWriter(_frame);
        writer.WriteByte(type);
        writer.WriteUInt32(generation);
        own.OwnEphemeral.Write(writer.Reserve(P256PublicKey.Bytes));
    }
}
