using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>
/// The controller's first frame: who it is, which number the node has, and the controller's wall clock, by which the node
/// judges when members end even where its own clock is hours off. Then whom to ask and whom to trust from now on.
/// </summary>
public sealed record WelcomeMessage : ControlMessage
{
    private const ulong Required = (1 << 1) | (1 << 3) | (1 << 4) | (1 << 5);

    public override ControlKind Kind => ControlKind.Welcome;

    public int Protocol { get; init; } = ControlLimits.Protocol;

    /// <summary>The controller's name, for people.</summary>
    public string Controller { get; init; } = "";

    public required NetworkId Network { get; init; }

    public required NodeId Number { get; init; }

    public required UnixTime Time { get; init; }

    /// <summary>Where controllers of this network can be reached; empty where the node's own list stays.</summary>
    public IReadOnlyList<string> Controllers { get; init; } = [];

    /// <summary>The authorities' certificates that are trusted from now on, in DER; empty where nothing changed.</summary>
    public IReadOnlyList<byte[]> Authorities { get; init; } = [];

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        var protocol = 0;
        var controller = "";
        NetworkId network = default;
        NodeId number = default;
        UnixTime time = default;
        IReadOnlyList<string> controllers = [];
        IReadOnlyList<byte[]> authorities = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => reader.TryReadInt32(out protocol),
                2 => ControlFormat.TryReadText(ref reader, ControlLimits.MaxText, out controller),
                3 => ControlFormat.TryReadNetwork(ref reader, out network),
                4 => ControlFormat.TryReadNode(ref reader, out number),
                5 => ControlFormat.TryReadTime(ref reader, out time),
                6 => ControllerList.TryRead(ref reader, out controllers),
                7 => ControlFormat.TryReadCertificates(ref reader, out authorities),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required))
            return false;
        message = new WelcomeMessage
        {
            Protocol = protocol,
            Controller = controller,
            Network = network,
            Number = number,
            Time = time,
            Controllers = controllers,
            Authorities = authorities,
        };
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(6 + (Authorities.Count > 0 ? 1 : 0));
        writer.WriteField(1, Protocol);
        writer.WriteInteger(2);
        writer.WriteString(ControlFormat.Fit(Controller, ControlLimits.MaxText));
        writer.WriteInteger(3);
        ControlFormat.WriteNetwork(ref writer, Network);
        writer.WriteField(4, Number.Value);
        writer.WriteField(5, Time.Seconds);
        writer.WriteInteger(6);
        ControllerList.Write(ref writer, Controllers);
        if (Authorities.Count == 0)
            return;
        writer.WriteInteger(7);
        ControlFormat.WriteCertificates(ref writer, Authorities);
    }
}
