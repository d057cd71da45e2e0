using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Web;

/// <summary>What is wrong with a token, in a sentence for who sent it.</summary>
internal static class TokenWords
{
    public static string Of(TokenFault fault) => fault switch
    {
        TokenFault.Expired => "The token has ended: get another.",
        TokenFault.NotYetValid => "The token is not valid yet: look at the clock of who signed it.",
        TokenFault.UnknownKey => "The token is signed with a key that this network does not know.",
        TokenFault.WrongAlgorithm => "The token is not signed with ES256.",
        TokenFault.Revoked => "The token, or its client, was taken back.",
        TokenFault.TooLong => "The token lives for longer than 30 days, as none may: get one with an earlier end.",
        TokenFault.OtherRegion => "The token's space is pinned to regions, and this edge is in none of them: go to one that is.",
        TokenFault.OtherSpace => "The token lets its client into a space that its key may not sign for.",
        TokenFault.BadClaims => "The token is signed well, but a claim is missing or wrong.",
        TokenFault.BadSignature => "The token's signature is not its key's.",
        _ => "This is no token: send one as \"Authorization: Bearer TOKEN\".",
    };
}
