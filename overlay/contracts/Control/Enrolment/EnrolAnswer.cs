using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Enrolment;

/// <summary>What a node is told that was let in: its network and number, its certificate with the authority's behind it, and where controllers are.</summary>
public sealed record EnrolAnswer(NetworkId Network, NodeId Number, IReadOnlyList<byte[]> Chain, IReadOnlyList<string> Controllers)
{
    private const ulong Required = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4);

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out EnrolAnswer? answer)
    {
        answer = null;
        var reader = new MessagePackReader(bytes);
        NetworkId network = default;
        NodeId number = default;
        IReadOnlyList<byte[]> chain = [];
        IReadOnlyList<string> controllers = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => ControlFormat.TryReadNetwork(ref reader, out network),
                2 => ControlFormat.TryReadNode(ref reader, out number),
                3 => ControlFormat.TryReadCertificates(ref reader, out chain),
                4 => ControllerList.TryRead(ref reader, out controllers),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required) || !reader.IsAtEnd)
            return false;
        answer = new(network, number, chain, controllers);
        return true;
    }

    public byte[] ToArray()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteMapHeader(4);
        writer.WriteInteger(1);
        ControlFormat.WriteNetwork(ref writer, Network);
        writer.WriteField(2, Number.Value);
        writer.WriteInteger(3);
        ControlFormat.WriteCertificates(ref writer, Chain);
        writer.WriteInteger(4);
        ControllerList.Write(ref writer, Controllers);
        return output.WrittenSpan.ToArray();
    }
}
