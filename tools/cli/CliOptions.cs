using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Daemon;

namespace WeCan.Cli;

/// <summary>Whom to ask and by what token: by flags, else by the environment, else the controller of this machine. A token has no flag, as everybody can see those.</summary>
internal sealed class CliOptions
{
    private const string LocalController = "/var/lib/wecan/controller/admin.sock";

    public Option<string?> Api { get; } = new("--api")
    {
        Description = $"The controller: https://HOST:PORT, or the path of its socket; or the environment's WECAN_API [default: {LocalController}]",
        HelpName = "ADDRESS",
        Recursive = true,
    };

    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "A file that holds the token for https; or the environment's WECAN_TOKEN_FILE, or the token itself in WECAN_TOKEN.",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string?> Authority { get; } = new("--ca")
    {
        Description = "The authority of the controller's certificate, in PEM: the network's own, unless the API has another; or the environment's WECAN_CA [default: those that this machine trusts]",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON, for programs.", Recursive = true };

    public ApiClient MakeClient(ParseResult parse)
    {
        var api = Either(parse.GetValue(Api), "WECAN_API") ?? LocalController;
        if (api.StartsWith('/') || api.StartsWith("./", StringComparison.Ordinal))
            return ApiClient.OfSocket(Path.GetFullPath(api));
        if (!Uri.TryCreate(api, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.PathAndQuery != "/")
            throw new DaemonException($"\"{api}\" is no controller's address: write https://HOST:PORT, or the path of its socket.", ExitCodes.Usage);
        return ApiClient.OfAddress(address, Token(parse), Roots(Either(parse.GetValue(Authority), "WECAN_CA")));
    }

    private string Token(ParseResult parse)
    {
        var file = Either(parse.GetValue(TokenFile), "WECAN_TOKEN_FILE");
        var token = file is null ? Environment.GetEnvironmentVariable("WECAN_TOKEN") : Read(file, File.ReadAllText);
        return token?.Trim() is { Length: > 0 } found && !found.Any(char.IsControl)
            ? found
            : throw new DaemonException("There is no token: set WECAN_TOKEN or name a file with --token-file. \"wecan-controller api-token create\" makes one.", ExitCodes.Usage);
    }

    private static X509Certificate2Collection? Roots(string? file) => file is null ? null : Read(file, path =>
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(path);
        return roots.Count > 0 ? roots : throw new CryptographicException("it holds no certificate in PEM");
    });

    private static T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new DaemonException($"{file} cannot be used: {failure.Message}", ExitCodes.Usage, failure);
        }
    }

    private static string? Either(string? flag, string variable) => flag ?? (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null);
}
