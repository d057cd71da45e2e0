using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Hosting.Configuration;
using WeCan.Hosting.Daemon;
using WeCan.MessageBus.Protocol.Subjects;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Cli.Auth;

/// <summary>"wecan auth token": signs a token on this machine, and asks nobody. It is all that is printed.</summary>
internal static class TokenCommand
{
    private const string DefaultLife = "12h";

    public static (Command Command, Func<CliCall, CancellationToken, Task> Run) Make()
    {
        var file = new Option<string>("--key") { Description = "The key that signs, with its private half: as --generate has written it.", HelpName = "FILE", Required = true };
        var space = new Option<string>("--space") { Description = "The space that it is for.", HelpName = "NAME", Required = true };
        var client = new Option<string>("--sub") { Description = "Who the client is.", HelpName = "CLIENT", Required = true };
        var publish = new Option<string[]>("--publish") { Description = "A pattern of subjects that the client may publish to; may be given several times.", HelpName = "PATTERN" };
        var subscribe = new Option<string[]>("--subscribe") { Description = "A pattern that it may subscribe to, and to what is within it.", HelpName = "PATTERN" };
        var life = new Option<string>("--for") { Description = "How long it is good.", HelpName = "TIME", DefaultValueFactory = _ => DefaultLife };
        var id = new Option<string?>("--id") { Description = "The token's own name, by which it can be revoked [default: by chance]", HelpName = "JTI" };
        return (new("token", "Sign a token for a client, on this machine.") { file, space, client, publish, subscribe, life, id }, async (call, _) =>
        {
            var now = UnixTime.From(DateTimeOffset.UtcNow);
            var name = call.Parse.GetRequiredValue(space);
            using var signer = SigningKeyFile.Read(call.Parse.GetRequiredValue(file), out var key);
            var token = new ClientToken
            {
                Space = name,
                Name = call.Parse.GetRequiredValue(client),
                Id = call.Parse.GetValue(id) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
                Issued = now,
                Expires = now + LifeOf(call.Parse.GetRequiredValue(life)),
                Publish = Patterns(call.Parse.GetValue(publish) ?? [], name),
                Subscribe = Patterns(call.Parse.GetValue(subscribe) ?? [], name),
            };
            await Console.Out.WriteLineAsync(Sign(token, key, signer, now));
        }
        );
    }

    /// <summary>What an edge would not take is not given out.</summary>
    private static string Sign(ClientToken token, TokenKey key, ECDsa signer, UnixTime now)
    {
        if (!SpaceNames.IsOne(token.Space))
            throw new DaemonException($"\"{token.Space}\" is no space: a space is 1 to {AccessLimits.MaxSpaceBytes} of a to z, digits, - and _.", ExitCodes.Usage);
        if (!Revocation.IsName(token.Name) || !Revocation.IsName(token.Id!))
            throw new DaemonException($"The names of a client and a token have 1 to {AccessLimits.MaxNameBytes} bytes and nothing that cannot be shown.", ExitCodes.Usage);
        var signed = TokenMaker.Make(token, key.Id, signer);
        if (signed.Length > TokenLimits.MaxBytes)
            throw new DaemonException($"The token has {signed.Length} bytes, and edges take {TokenLimits.MaxBytes}: allow less with more general patterns.", ExitCodes.Usage);
        using var verifier = new TokenVerifier([key]);
        var fault = verifier.Verify(Encoding.ASCII.GetBytes(signed), now, out var _);
        return fault == TokenFault.None ? signed : throw new DaemonException($"No edge would take this token: {TokenTexts.Why(fault)}", ExitCodes.Usage);
    }

    private static Duration LifeOf(string text) =>
        ValueKinds.Duration.TryParse(text, out var life) is null && life >= TimeSpan.FromSeconds(1) && life <= AccessLimits.MaxTokenLife.ToTimeSpan()
            ? Duration.FromSeconds((long)life.TotalSeconds)
            : throw new DaemonException($"\"{text}\" is no time for a token to live: write it as 30m or 12h, at most {ValueKinds.Duration.Format(AccessLimits.MaxTokenLife.ToTimeSpan())}.", ExitCodes.Usage);

    private static PermissionList Patterns(string[] patterns, string space)
    {
        if (patterns.Length > TokenLimits.MaxPatterns)
            throw new DaemonException($"There are {patterns.Length} patterns, and a token has {TokenLimits.MaxPatterns} of a kind at most: use more general ones.", ExitCodes.Usage);
        foreach (var pattern in patterns)
        {
            var bytes = Encoding.UTF8.GetBytes(pattern);
            if (SubjectRules.CheckPattern(bytes) is not SubjectFault.None and var fault)
                throw new DaemonException($"\"{pattern}\" is no pattern. {NameFaults.Describe(fault, "pattern")}", ExitCodes.Usage);
            if (!SubjectRules.SpaceOf(bytes).SequenceEqual(Encoding.UTF8.GetBytes(space)))
                throw new DaemonException($"\"{pattern}\" is of another space than {space}, and a token lets its client into one: begin it with \"{space}.\".", ExitCodes.Usage);
        }

        return new([.. patterns.Select(Encoding.UTF8.GetBytes)]);
    }
}
