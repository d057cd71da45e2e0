using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using WeCan.Protocol.Crypto;

namespace WeCan.MessageBus;

/// <summary>
/// Where an edge is, and the key by which it is known: <c>wecan://192.0.2.1:4610#KEY</c>. The edge's log has it. Who answers there
/// with another key is not believed.
/// </summary>
public sealed record EdgeAddress
{
    private const string Scheme = "wecan://";

    private EdgeAddress(string host, int port, P256PublicKey key) => (Host, Port, Key) = (host, port, key);

    /// <summary>A host name or an address.</summary>
    public string Host { get; }

    /// <summary>The UDP port of the overlay.</summary>
    public int Port { get; }

    internal P256PublicKey Key { get; }

    /// <summary>Reads an address as an edge's log shows it.</summary>
    /// <exception cref="FormatException">It is none; the message says what one looks like.</exception>
    public static EdgeAddress Parse(string text) => TryParse(text, out var address)
        ? address
        : throw new FormatException($"\"{text}\" is no edge's address: write wecan://HOST:PORT#KEY, as the edge's log has it.");

    /// <summary>Reads an address, if it is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EdgeAddress? address)
    {
        address = null;
        if (text is null || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var rest = text[Scheme.Length..];
        var hash = rest.IndexOf('#', StringComparison.Ordinal);
        var colon = hash < 0 ? -1 : rest.LastIndexOf(':', hash);
        if (colon <= 0 || !int.TryParse(rest[(colon + 1)..hash], System.Globalization.NumberStyles.None, null, out var port) || port is 0 or > IPEndPoint.MaxPort)
            return false;
        if (!Base64Url.IsValid(rest.AsSpan(hash + 1), out var length) || length != P256PublicKey.Bytes)
            return false;
        if (!P256PublicKey.TryRead(Base64Url.DecodeFromChars(rest.AsSpan(hash + 1)), out var key))
            return false;
        address = new(rest[..colon].Trim('[', ']'), port, key);
        return true;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => $"{Scheme}{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}#{Base64Url.EncodeToString(Key.ToArray())}";
}
