using System.Text.Json;
using Microsoft.Extensions.Logging;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Hosting.Files;

namespace WeCan.Edge.Tunnels.Commands;

/// <summary>The tunnels that commands have added, in the edge's folder, so that they are there again after a restart. The file is replaced whole; one that cannot be read is set aside.</summary>
internal sealed class TunnelFile(string folder, ILogger log)
{
    private readonly string _path = Path.Combine(folder, "tunnels.json");

    public IReadOnlyList<TunnelEntrance> Load()
    {
        if (!File.Exists(_path))
            return [];
        string why;
        try
        {
            if (new FileInfo(_path).Length > TunnelLimits.FileBytes)
                why = $"it has more than {TunnelLimits.FileBytes} bytes";
            else if (TryRead(File.ReadAllBytes(_path), out var tunnels) is { } wrong)
                why = wrong;
            else
                return tunnels;
        }
        catch (IOException failure)
        {
            why = failure.Message;
        }

        TunnelLog.SetAside(log, _path, why, _path + ".damaged");
        File.Move(_path, _path + ".damaged", overwrite: true);
        return [];
    }

    /// <exception cref="Hosting.Daemon.DaemonException">The disk does not take it.</exception>
    public void Save(IEnumerable<TunnelEntrance> tunnels) =>
        AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(new([.. tunnels.Select(TunnelOrder.Of)]), TunnelJson.Default.TunnelList));

    private static string? TryRead(byte[] bytes, out List<TunnelEntrance> tunnels)
    {
        tunnels = [];
        try
        {
            foreach (var order in JsonSerializer.Deserialize(bytes, TunnelJson.Default.TunnelList)?.Tunnels ?? [])
            {
                if (order.TryRead(out var tunnel) is { } wrong)
                    return wrong;
                tunnels.Add(tunnel);
            }
        }
        catch (JsonException failure)
        {
            return failure.Message;
        }

        return tunnels.Count > TunnelLimits.MaxTunnels || tunnels.DistinctBy(tunnel => tunnel.Listen).Count() < tunnels.Count ? "no command has written it so" : null;
    }
}
