using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using WeCan.Contracts.Access;
using WeCan.Hosting.Daemon;

namespace WeCan.Cli.Auth;

/// <summary>
/// A key that signs tokens, with its private half, as a JSON Web Key in a file for its owner alone. What is read of it goes into signatures and
/// nowhere else.
/// </summary>
internal static class SigningKeyFile
{
    private const int MostBytes = 16 << 10;
    private const int CoordinateBytes = 32;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Makes a key pair, and keeps it in a file that is not there yet; gives its public half.</summary>
    public static TokenKey Generate(string path, string? id, IReadOnlyList<string> spaces)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = pair.ExportParameters(includePrivateParameters: true);
        var name = id ?? $"{(spaces.Count > 0 ? spaces[0] : "key")}-{Convert.ToHexStringLower(SHA256.HashData([.. parameters.Q.X!, .. parameters.Q.Y!]).AsSpan(0, 4))}";
        if (!TokenKey.IsId(name))
            throw new DaemonException($"\"{name}\" is no name for a key: use at most {AccessLimits.MaxNameBytes} bytes, without quotation marks, backslashes and what cannot be shown.", ExitCodes.Usage);
        var key = new TokenKey(name, parameters.Q, []);
        Write(path, $"{TokenKeyFile.Write(key)[..^1]},\"d\":\"{Base64Url.EncodeToString(parameters.D)}\"}}\n");
        CryptographicOperations.ZeroMemory(parameters.D);
        return key;
    }

    /// <summary>Reads a key that signs. The caller disposes of it.</summary>
    public static ECDsa Read(string path, out TokenKey key)
    {
        var text = ReadText(path, MostBytes);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            Console.Error.WriteLine($"wecan: others than its owner may read or write {path}, which signs tokens: chmod 600 it.");
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var (kid, d) = (Text(root, "kid"), Text(root, "d"));
            if (kid is null || !TokenKey.IsId(kid) || d is null || Text(root, "kty") != "EC" || Text(root, "crv") != "P-256")
                throw No(path, "it is not a JSON Web Key of kind EC on P-256 with \"kid\" and its private half (\"d\")");
            var secret = Base64Url.DecodeFromChars(d);
            if (secret.Length != CoordinateBytes)
                throw No(path, "its private half has not 32 bytes");

            // The point follows from the private half; what the file says of it besides has to be the same.
            var signer = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
            CryptographicOperations.ZeroMemory(secret);
            key = new(kid, signer.ExportParameters(includePrivateParameters: false).Q, []);
            if (Text(root, "x") == Base64Url.EncodeToString(key.Point.X) && Text(root, "y") == Base64Url.EncodeToString(key.Point.Y))
                return signer;
            signer.Dispose();
            throw No(path, "its private half (\"d\") is not that of its point (\"x\", \"y\")");
        }
        catch (Exception failure) when (failure is JsonException or FormatException or CryptographicException or InvalidOperationException)
        {
            throw No(path, "it is not a JSON Web Key with its private half", failure);
        }
    }

    /// <summary>A small file, whole.</summary>
    public static string ReadText(string path, int most)
    {
        try
        {
            using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            var bytes = new byte[most + 1];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read <= most ? System.Text.Encoding.UTF8.GetString(bytes, 0, read) : throw new DaemonException($"{path} is larger than {most >> 10} KiB: is it the right file?", ExitCodes.Usage);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DaemonException($"{path} cannot be read: {failure.Message}", ExitCodes.Io, failure);
        }
    }

    private static void Write(string path, string text)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var stream = new FileStream(path, options);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DaemonException(File.Exists(path) ? $"There is a file {path} already, and a key replaces nothing: name another." : $"{path} cannot be written: {failure.Message}", ExitCodes.Io, failure);
        }
    }

    private static string? Text(JsonElement root, string member) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DaemonException No(string path, string why, Exception? cause = null) =>
        new($"{path} cannot sign tokens: {why}. \"wecan auth key add --generate FILE\" makes one that can.", ExitCodes.Usage, cause);
}
