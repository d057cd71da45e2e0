using System.Buffers.Text;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Daemon;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Cli.Auth;

/// <summary>
/// "wecan auth show": what a token says, and whether edges take it by the keys and revocations that the controller has. The token stays on this machine,
/// and is not printed: who reads the screen, or a log of it, could use it.
/// </summary>
internal static class ShowCommand
{
    public static (Command Command, Func<CliCall, CancellationToken, Task> Run) Make()
    {
        var token = new Argument<string>("token") { Description = "The token; a file that holds it; or \"-\" for standard input, as others on this machine may see arguments." };
        return (new("show", "Explain a token: whose it is, what it allows, until when, and whether edges take it.") { token }, (call, cancellation) => ShowAsync(call, Read(call.Parse.GetRequiredValue(token)), cancellation));
    }

    private static async Task ShowAsync(CliCall call, byte[] bytes, CancellationToken cancellation)
    {
        var now = UnixTime.From(DateTimeOffset.UtcNow);
        var (kid, said, fault) = Look(bytes);
        if (said is null)
            throw new DaemonException($"That is no token of a client: {TokenTexts.Why(fault)}", ExitCodes.Usage);
        var keys = (await call.Client.GetAsync(KeyCommands.Question, cancellation)).Read(InspectionJson.Default.AuthKeysReport);
        var asked = new StringBuilder("/v1/auth/revocations");
        HistoryTime.Add(asked, "space", said.Space);
        HistoryTime.Add(asked, "sub", said.Name);
        HistoryTime.Add(asked, "jti", said.Id ?? "");
        var revoked = (await call.Client.GetAsync(asked.ToString(), cancellation)).Read(InspectionJson.Default.AuthRevocationsReport);
        using var verifier = new TokenVerifier(keys.Keys.Select(KeyOf), new(revoked.Revocations.Select(RevocationOf)));
        fault = verifier.Verify(bytes, now, out _);
        await Console.Out.WriteLineAsync(call.IsJson ? Json(kid, said, fault) : TokenTexts.Describe(kid, said, fault, keys, now));
    }

    /// <summary>What it says of itself, whoever signed it.</summary>
    private static (string Kid, ClientToken? Said, TokenFault Fault) Look(byte[] bytes)
    {
        var buffer = new byte[TokenLimits.MaxBytes];
        if (!TokenParts.TryRead(bytes, out var parts) || !TokenParts.TryDecode(parts.Header, buffer, out var json) || !TokenHeader.TryRead(json, out var header))
            return ("", null, TokenFault.Malformed);
        var kid = Encoding.UTF8.GetString(header.Key);
        if (!TokenParts.TryDecode(parts.Claims, buffer, out json))
            return (kid, null, TokenFault.Malformed);
        return TokenClaims.Read(json, out var said) is not TokenFault.None and var fault ? (kid, null, fault) : (kid, said, TokenFault.None);
    }

    private static string Json(string kid, ClientToken said, TokenFault fault)
    {
        var shown = new JsonObject
        {
            ["space"] = said.Space,
            ["sub"] = said.Name,
            ["jti"] = said.Id,
            ["kid"] = kid,
            ["iat"] = said.Issued?.Seconds,
            ["nbf"] = said.NotBefore?.Seconds,
            ["exp"] = said.Expires.Seconds,
            ["publish"] = new JsonArray([.. TokenTexts.Texts(said.Publish).Select(text => (JsonNode?)JsonValue.Create(text))]),
            ["subscribe"] = new JsonArray([.. TokenTexts.Texts(said.Subscribe).Select(text => (JsonNode?)JsonValue.Create(text))]),
            ["is_good"] = fault == TokenFault.None,
            ["fault"] = fault == TokenFault.None ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(fault.ToString()),
        };
        return shown.ToJsonString();
    }

    private static byte[] Read(string argument)
    {
        var text = argument;
        if (argument == "-" || File.Exists(argument))
            text = SigningKeyFile.ReadText(argument, 16 << 10);
        else if (argument.Count(letter => letter == '.') != 2)
            throw new DaemonException("That is neither a token nor a file: write the token, the file that holds it, or \"-\" for standard input.", ExitCodes.Usage);
        return Encoding.UTF8.GetBytes(text.Trim());
    }

    private static TokenKey KeyOf(AuthKeyEntry entry)
    {
        var (x, y) = (Base64Url.DecodeFromChars(entry.X), Base64Url.DecodeFromChars(entry.Y));
        return TokenKey.IsOnCurve(x, y) ? new(entry.Kid, new() { X = x, Y = y }, entry.Spaces)
            : throw new DaemonException($"The controller's key \"{entry.Kid}\" is none: is it of another version than this program?", ExitCodes.Unavailable);
    }

    private static Revocation RevocationOf(AuthRevocationEntry entry) => new(
        entry.Space, entry.Sub is not null, entry.Sub ?? entry.Jti ?? "", entry.IssuedUntil is { } issued ? UnixTime.From(issued) : UnixTime.MaxValue, UnixTime.From(entry.Until));
}
