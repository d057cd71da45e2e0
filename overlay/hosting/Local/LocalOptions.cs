using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Local;

/// <summary>Where a daemon answers questions about itself, and whom.</summary>
/// <param name="Socket">The path of the socket; null for the usual one, in the daemon's data folder.</param>
/// <param name="IsForGroup">The members of the socket's group may ask too, not its owner alone.</param>
public sealed record LocalOptions(string? Socket, bool IsForGroup)
{
    /// <summary>In the data folder, for its owner alone.</summary>
    public static readonly LocalOptions Usual = new(null, IsForGroup: false);

    private const string Name = "local.sock";

    public static LocalOptions Read(ConfigReader read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new(
            read.Optional("socket", ValueKinds.Path, "the Unix socket where the daemon answers its own commands, such as status; unless given, local.sock in the data folder"),
            read.Value("group", ValueKinds.Flag, false, "whether the members of the socket's group may ask too"));
    }

    public string PathIn(string dataFolder) => Path.GetFullPath(Socket ?? Path.Combine(dataFolder, Name));
}
