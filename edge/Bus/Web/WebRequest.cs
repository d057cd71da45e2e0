using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts.MessagePack;
using WeCan.Hosting.Http;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Web;

/// <summary>What this server wants to know of a request's head.</summary>
internal sealed record WebRequest
{
    private const string PublishPath = "/publish/";
    private const string SubProtocol = "wecan";

    private static ReadOnlySpan<byte> TokenMark => "token."u8;

    public required WebRequestKind Kind { get; init; }

    public required int BodyBytes { get; init; }

    public required bool KeepsOpen { get; init; }

    public required bool AwaitsWord { get; init; }

    /// <summary>Empty for none.</summary>
    public byte[] Token { get; init; } = [];

    /// <summary>What answers the key of a WebSocket's opening; empty where it is no such opening.</summary>
    public string Accept { get; init; } = "";

    /// <summary>The client speaks of the bus's protocol by name, and hears it back.</summary>
    public bool NamesProtocol { get; init; }

    public byte[] Subject { get; init; } = [];

    /// <summary>As <see cref="MessageExtras"/> writes them; empty for none, null where they are beyond a bound.</summary>
    public byte[]? Extras { get; init; } = [];

    /// <summary>Reads a head that is whole; false with the status to refuse it with.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out WebRequest? request, out int refusal)
    {
        request = null;
        if (!HttpHead.TryRead(bytes, out var head, out refusal))
            return false;
        var isPublish = head.Path.StartsWith("/publish/"u8);
        var kind = isPublish ? head.Method.SequenceEqual("POST"u8) ? WebRequestKind.Publish : WebRequestKind.NotPost
            : !head.Path.SequenceEqual("/bus"u8) ? WebRequestKind.Other
            : head.Method.SequenceEqual("GET"u8) ? WebRequestKind.Bus : WebRequestKind.NotGet;
        var protocols = HttpFields.TryFind(bytes, "Sec-WebSocket-Protocol", out var offered) ? offered : default;
        request = new()
        {
            Kind = kind,
            BodyBytes = head.BodyBytes,
            KeepsOpen = head.KeepsOpen,
            AwaitsWord = head.AwaitsWord && !head.IsOld,
            Token = TokenOf(bytes, protocols),
            Accept = kind == WebRequestKind.Bus && !head.IsOld ? AcceptOf(bytes) : "",
            NamesProtocol = HttpFields.Lists(protocols, SubProtocol),
            Subject = isPublish ? Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Encoding.ASCII.GetString(head.Path[PublishPath.Length..]))) : [],
            Extras = isPublish ? ExtrasOf(bytes) : [],
        };
        return true;
    }

    /// <summary>From <c>Authorization: Bearer</c>, or, as browsers cannot say that, from among the protocols that are offered.</summary>
    private static byte[] TokenOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> protocols)
    {
        const string Scheme = "Bearer ";
        if (HttpFields.TryFind(head, "Authorization", out var authorization))
            return authorization.Length > Scheme.Length && Ascii.EqualsIgnoreCase(authorization[..Scheme.Length], Scheme) ? authorization[Scheme.Length..].Trim((byte)' ').ToArray() : [];
        foreach (var part in protocols.Split((byte)','))
        {
            var protocol = protocols[part].Trim(" \t"u8);
            if (protocol.StartsWith(TokenMark))
                return protocol[TokenMark.Length..].ToArray();
        }

        return [];
    }

    /// <summary>RFC 6455, section 4.2: empty where it is no opening of version 13.</summary>
    private static string AcceptOf(ReadOnlySpan<byte> head)
    {
        const int KeyBytes = 16;
        if (!HttpFields.TryFind(head, "Upgrade", out var upgrade) || !HttpFields.Lists(upgrade, "websocket")
            || !HttpFields.TryFind(head, "Connection", out var connection) || !HttpFields.Lists(connection, "upgrade")
            || !HttpFields.TryFind(head, "Sec-WebSocket-Version", out var version) || !version.SequenceEqual("13"u8)
            || !HttpFields.TryFind(head, "Sec-WebSocket-Key", out var key) || !Base64.IsValid(key, out var length) || length != KeyBytes)
        {
            return "";
        }

#pragma warning disable CA5350 // The standard says which hash; nothing secret hangs on it.
        return Convert.ToBase64String(SHA1.HashData([.. key, .. "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8]));
#pragma warning restore CA5350
    }

    /// <summary>A message's id and headers; null where they are too long, or no text.</summary>
    private static byte[]? ExtrasOf(ReadOnlySpan<byte> head)
    {
        const string Mark = "WeCan-Header-";
        var pairs = new byte[head.Length * 2];
        var writer = new MessagePackWriter(pairs);
        ReadOnlySpan<byte> id = default;
        foreach (var field in HttpFields.Of(head))
        {
            if (Ascii.EqualsIgnoreCase(field.Name, "WeCan-Id"))
                id = field.Value;
            var name = field.Name.Length > Mark.Length && Ascii.EqualsIgnoreCase(field.Name[..Mark.Length], Mark) ? field.Name[Mark.Length..]
                : Ascii.EqualsIgnoreCase(field.Name, "traceparent") ? "traceparent"u8
                : Ascii.EqualsIgnoreCase(field.Name, "tracestate") ? "tracestate"u8
                : default;
            if (name.IsEmpty)
                continue;
            writer.WriteStringBytes(name);
            writer.WriteStringBytes(field.Value);
        }

        var extras = new MessageExtras { Id = id, Headers = pairs.AsSpan(0, (int)writer.BytesWritten) };
        if (extras.IsEmpty)
            return [];
        var bytes = new byte[extras.Longest];
        writer = new MessagePackWriter(bytes);
        extras.Write(ref writer);
        Array.Resize(ref bytes, (int)writer.BytesWritten);
        return MessageExtras.TryRead(bytes, out _) ? bytes : null;
    }
}
