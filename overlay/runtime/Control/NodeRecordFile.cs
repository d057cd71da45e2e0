using System.Globalization;
using System.Text.Json;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Files;

namespace WeCan.Runtime.Control;

/// <summary>
/// A <see cref="NodeRecord"/> as a small JSON file, which people may read:
/// {"network": "32 digits", "number": 7, "role": "relay", "controllers": ["host:port"], "clock_difference_seconds": 0}.
/// </summary>
internal static class NodeRecordFile
{
    public static void Save(string path, NodeRecord record)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("network", record.Network.Value.ToString("x32", CultureInfo.InvariantCulture));
            json.WriteNumber("number", record.Number.Value);
            json.WriteString("role", record.Role == NodeRole.Edge ? "edge" : "relay");
            json.WriteStartArray("controllers");
            foreach (var controller in record.Controllers)
                json.WriteStringValue(controller);
            json.WriteEndArray();
            json.WriteNumber("clock_difference_seconds", record.ClockDifference.Nanoseconds / 1_000_000_000);
            json.WriteEndObject();
        }

        AtomicFile.Write(path, text.ToArray());
    }

    public static NodeRecord Load(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length > ControlClientLimits.RecordFileBytes)
                throw Damaged(path);
            using var json = JsonDocument.Parse(bytes);
            return Read(json.RootElement) ?? throw Damaged(path);
        }
        catch (Exception damage) when (damage is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Damaged(path, damage);
        }
    }

    private static NodeRecord? Read(JsonElement root)
    {
        var isNetwork = UInt128.TryParse(root.GetProperty("network").GetString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var network);
        var number = root.GetProperty("number").GetUInt16();
        var role = root.GetProperty("role").GetString() switch { "relay" => NodeRole.Relay, "edge" => NodeRole.Edge, _ => default };
        string[] controllers = [.. root.GetProperty("controllers").EnumerateArray().Take(ControlLimits.MaxControllers).Select(item => item.GetString() ?? "")];
        var difference = root.GetProperty("clock_difference_seconds").GetInt64();
        return isNetwork && network != 0 && number != 0 && role != default && Array.TrueForAll(controllers, ControllerList.IsAddress)
            ? new(new(network), new(number), role, controllers, Duration.FromSeconds(1) * difference)
            : null;
    }

    private static DaemonException Damaged(string path, Exception? cause = null) =>
        new($"{path} does not say who this node is: restore it from a back-up, or empty the folder and enrol again.", ExitCodes.Io, cause);
}
