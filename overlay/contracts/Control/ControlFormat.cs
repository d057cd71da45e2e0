using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control;

/// <summary>How the values that several control messages share stand in MessagePack, with the bounds that each is read by.</summary>
internal static class ControlFormat
{
    private const int IPv4Bytes = 4 + 2;
    private const int IPv6Bytes = 16 + 2;

    /// <summary>A name that is safe in a log, a file name and a URI: ASCII letters, digits, '-', '_' and '.'. Empty is none.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text, int max)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))
                return false;
        }

        return text.Length <= max;
    }

    public static bool TryReadLabel(ref MessagePackReader reader, int max, out string label)
    {
        label = "";
        if (!reader.TryReadStringBytes(out var bytes) || bytes.Length > max)
            return false;
        label = Encoding.ASCII.GetString(bytes);
        return IsLabel(label, max);
    }

    /// <summary>Text for people. What could forge a line of a log, or hide another text, is refused.</summary>
    public static bool TryReadText(ref MessagePackReader reader, int max, out string text)
    {
        text = "";
        if (!reader.TryReadStringBytes(out var bytes) || bytes.Length > max || !Utf8.IsValid(bytes))
            return false;
        text = Encoding.UTF8.GetString(bytes);
        return !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f')
            && !text.AsSpan().ContainsAnyInRange('\u2028', '\u202e');
    }

    /// <summary>Cuts a text to what the other side reads, at a whole letter, and without what it refuses.</summary>
    public static string Fit(string text, int max)
    {
        var fit = new StringBuilder();
        var size = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var kept = Rune.IsControl(rune) || rune.Value is >= 0x2028 and <= 0x202e ? new Rune(' ') : rune;
            size += kept.Utf8SequenceLength;
            if (size > max)
                break;
            fit.Append(kept);
        }

        return fit.ToString();
    }

    public static bool TryReadNode(ref MessagePackReader reader, out NodeId number)
    {
        var isRead = reader.TryReadUInt16(out var value) && value != 0;
        number = new(value);
        return isRead;
    }

    public static bool TryReadRole(ref MessagePackReader reader, out NodeRole role)
    {
        var isRead = reader.TryReadByte(out var value);
        role = (NodeRole)value;
        return isRead && role is NodeRole.Relay or NodeRole.Edge;
    }

    public static bool TryReadState(ref MessagePackReader reader, out MemberState state)
    {
        var isRead = reader.TryReadByte(out var value);
        state = (MemberState)value;
        return isRead && state is MemberState.Active or MemberState.Draining;
    }

    public static bool TryReadTime(ref MessagePackReader reader, out UnixTime time)
    {
        var isRead = reader.TryReadInt64(out var seconds);
        time = new(seconds);
        return isRead && seconds >= 0 && time <= UnixTime.MaxValue;
    }

    public static bool TryReadKey(ref MessagePackReader reader, out OverlayKey key)
    {
        key = default;
        return reader.TryReadBinary(out var bytes) && OverlayKey.TryRead(bytes, out key);
    }

    public static bool TryReadNetwork(ref MessagePackReader reader, out NetworkId network)
    {
        network = default;
        if (!reader.TryReadBinary(out var bytes) || bytes.Length != NetworkId.Bytes)
            return false;
        network = new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return !network.IsNone;
    }

    public static void WriteNetwork(ref MessagePackWriter writer, NetworkId network)
    {
        Span<byte> bytes = stackalloc byte[NetworkId.Bytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, network.Value);
        writer.WriteBinary(bytes);
    }

    /// <summary>Reads [number, mark].</summary>
    public static bool TryReadVersion(ref MessagePackReader reader, out MembershipVersion version)
    {
        version = default;
        if (!reader.TryReadArrayHeader(out var count) || !reader.TryReadUInt64(out var number) || !reader.TryReadUInt64(out var mark))
            return false;
        version = new(number, mark);
        return reader.TrySkip(count - 2);
    }

    public static bool TryReadVersion(ref MessagePackReader reader, out RoutesVersion version)
    {
        var isRead = TryReadVersion(ref reader, out MembershipVersion read);
        version = new(read.Number, read.Mark);
        return isRead;
    }

    public static bool TryReadVersion(ref MessagePackReader reader, out AccessVersion version)
    {
        var isRead = TryReadVersion(ref reader, out MembershipVersion read);
        version = new(read.Number, read.Mark);
        return isRead;
    }

    /// <summary>Reads an array of so many items at most. The list grows with the items that are there: a count is only a claim.</summary>
    public static bool TryReadList<T>(ref MessagePackReader reader, ItemReader<T> readItem, int most, out IReadOnlyList<T> items) =>
        TryReadList(ref reader, readItem, most, int.MaxValue, out items);

    /// <summary>The same for items of at least so many bytes, of which the list is made for as many as the input can hold.</summary>
    public static bool TryReadList<T>(ref MessagePackReader reader, ItemReader<T> readItem, int most, int leastBytes, out IReadOnlyList<T> items)
    {
        items = [];
        if (!reader.TryReadArrayHeader(out var count) || count > most)
            return false;
        var all = new List<T>(Math.Min(count, reader.Remaining / leastBytes));
        for (; count > 0; count--)
        {
            if (!readItem(ref reader, out var item))
                return false;
            all.Add(item);
        }

        items = all;
        return true;
    }

    /// <summary>The same for items that have to ascend, so that none is there twice.</summary>
    public static bool TryReadAscending<T>(ref MessagePackReader reader, ItemReader<T> readItem, int leastBytes, Func<T, uint> keyOf, out IReadOnlyList<T> items)
    {
        if (!TryReadList(ref reader, readItem, int.MaxValue, leastBytes, out items))
            return false;
        for (var i = 1; i < items.Count; i++)
        {
            if (keyOf(items[i - 1]) >= keyOf(items[i]))
                return false;
        }

        return true;
    }

    public static void WriteVersion(ref MessagePackWriter writer, MembershipVersion version)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInteger(version.Number);
        writer.WriteInteger(version.Mark);
    }

    public static void WriteVersion(ref MessagePackWriter writer, RoutesVersion version) => WriteVersion(ref writer, new MembershipVersion(version.Number, version.Mark));

    public static void WriteVersion(ref MessagePackWriter writer, AccessVersion version) => WriteVersion(ref writer, new MembershipVersion(version.Number, version.Mark));

    /// <summary>Reads an array of addresses, each a binary of 6 bytes (IPv4, port) or 18 (IPv6, port).</summary>
    public static bool TryReadAddresses(ref MessagePackReader reader, out IReadOnlyList<NetAddress> addresses) =>
        TryReadList(ref reader, TryReadAddress, ControlLimits.MaxAddresses, out addresses);

    public static void WriteAddresses(ref MessagePackWriter writer, IReadOnlyList<NetAddress> addresses)
    {
        Span<byte> room = stackalloc byte[IPv6Bytes];
        writer.WriteArrayHeader(addresses.Count);
        foreach (var address in addresses)
        {
            var bytes = address.IsIPv4 ? room[..IPv4Bytes] : room;
            if (address.IsIPv4)
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)address.Low);
            else
                BinaryPrimitives.WriteUInt128BigEndian(bytes, new(address.High, address.Low));
            BinaryPrimitives.WriteUInt16BigEndian(bytes[^2..], address.Port);
            writer.WriteBinary(bytes);
        }
    }

    /// <summary>Reads an array of certificates in DER, at least one.</summary>
    public static bool TryReadCertificates(ref MessagePackReader reader, out IReadOnlyList<byte[]> certificates) =>
        TryReadList(ref reader, TryReadCertificate, ControlLimits.MaxCertificates, out certificates) && certificates.Count > 0;

    public static void WriteCertificates(ref MessagePackWriter writer, IReadOnlyList<byte[]> certificates)
    {
        writer.WriteArrayHeader(certificates.Count);
        foreach (var certificate in certificates)
            writer.WriteBinary(certificate);
    }

    /// <summary>Reads a certificate or a request for one: bytes that are not empty, whose sense others judge.</summary>
    public static bool TryReadCertificate(ref MessagePackReader reader, out byte[] certificate)
    {
        certificate = [];
        if (!reader.TryReadBinary(out var bytes) || bytes.Length is 0 or > ControlLimits.MaxCertificate)
            return false;
        certificate = bytes.ToArray();
        return true;
    }

    public static void WriteField(this ref MessagePackWriter writer, int field, long value)
    {
        writer.WriteInteger(field);
        writer.WriteInteger(value);
    }

    public static void WriteFieldUnlessEmpty(this ref MessagePackWriter writer, int field, string text)
    {
        if (text.Length == 0)
            return;
        writer.WriteInteger(field);
        writer.WriteString(text);
    }

    private static bool TryReadAddress(ref MessagePackReader reader, out NetAddress address)
    {
        address = default;
        if (!reader.TryReadBinary(out var bytes) || bytes.Length is not (IPv4Bytes or IPv6Bytes))
            return false;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[^2..]);
        address = bytes.Length == IPv4Bytes
            ? NetAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), port)
            : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), port);
        return !address.IsNone;
    }
}
