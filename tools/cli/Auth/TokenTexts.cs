using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Local;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Cli.Auth;

/// <summary>A token, and what is wrong with it, as text for people.</summary>
internal static class TokenTexts
{
    public static string Describe(string kid, ClientToken said, TokenFault fault, AuthKeysReport keys, UnixTime now)
    {
        var facts = new TextFacts();
        facts.Add("client", $"{said.Name} in the space {said.Space}");
        facts.Add("token", said.Id is null ? "without a name: it can be taken back with all others of its client alone" : $"named {said.Id}");
        facts.Add("issued", said.Issued is { } issued ? $"{issued}" : "it does not say when: after a revocation of its client it is no good");
        if (said.NotBefore is { } start)
            facts.Add("from", $"{start}");
        facts.Add("until", $"{said.Expires}{(said.Expires > now ? $", in {Quantities.Age((said.Expires - now).ToTimeSpan())}" : "")}");
        facts.Add("publishes", List(said.Publish));
        facts.Add("subscribes", List(said.Subscribe));
        facts.Add("key", keys.Keys.FirstOrDefault(key => key.Kid == kid) is { } known
            ? $"\"{kid}\", which signs for {(known.Spaces.Count == 0 ? "all spaces" : string.Join(", ", known.Spaces))}"
            : $"\"{kid}\", which the controller does not have");
        facts.Add("good", fault == TokenFault.None ? $"yes, by version {keys.Version} of the keys, which {keys.EdgesCurrent} of {keys.Edges} connected edges have" : $"NO: {Why(fault)}");
        return facts.ToString(Screen.Width);
    }

    /// <summary>What is wrong, as a sentence.</summary>
    public static string Why(TokenFault fault) => fault switch
    {
        TokenFault.Malformed => "It is not three parts in Base64url with dots between them, or is longer than a token may be.",
        TokenFault.WrongAlgorithm => "It is not signed with ES256, the only way that counts.",
        TokenFault.UnknownKey => "The key that it names is not among those that count.",
        TokenFault.BadSignature => "The signature is not of the key that it names.",
        TokenFault.BadClaims => "A claim is missing or is none: it needs \"sub\", \"exp\" and \"wecan\" with \"space\", and lists of patterns.",
        TokenFault.Expired => "It has ended.",
        TokenFault.NotYetValid => "It begins later, or was issued later than now: is the clock of who signed it right?",
        TokenFault.OtherSpace => "Its key does not sign for its space, or it allows something of another space.",
        TokenFault.Revoked => "It was revoked, or its client was after it was issued.",
        TokenFault.TooLong => $"It lives for longer than {(long)AccessLimits.MaxTokenLife.ToTimeSpan().TotalDays} days, as no token may.",
        TokenFault.OtherRegion => "Its space is pinned to regions, and the edge is in none of them.",
        _ => "It is good.",
    };

    public static IEnumerable<string> Texts(PermissionList list) => list.Patterns.Select(pattern => Encoding.UTF8.GetString(pattern));

    private static string List(PermissionList list) => list.Patterns.Count == 0 ? "nothing" : string.Join(", ", Texts(list));
}
