using Microsoft.Extensions.Logging;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Hosting.Files;

namespace WeCan.Runtime.Routing;

/// <summary>
/// A node's routes on its disk: the frames that a controller would send. Their mark tells a damaged file, which is set aside: without
/// routes a node uses its direct links, and a controller sends them anew.
/// </summary>
internal static class RouteFile
{
    public static void Save(string path, RouteReplica replica)
    {
        using var content = new MemoryStream();
        foreach (var piece in replica.ToMessages())
            content.Write(piece.ToFrame());
        AtomicFile.Write(path, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <summary>Fills a new replica. False where there is no file, or a damaged one.</summary>
    public static bool TryLoad(string path, RouteReplica replica, ILogger log)
    {
        if (!File.Exists(path))
            return false;
        var why = "it is not what was written";
        try
        {
            if (new FileInfo(path).Length <= RouteLimits.FileBytes && TryRead(File.ReadAllBytes(path), replica))
                return true;
        }
        catch (IOException failure)
        {
            why = failure.Message;
        }

        RouteLog.SetAside(log, path, why, path + ".damaged");
        File.Move(path, path + ".damaged", overwrite: true);
        return false;
    }

    private static bool TryRead(byte[] bytes, RouteReplica replica)
    {
        var frames = new FrameAssembler();
        frames.Add(bytes);
        var isWhole = false;
        while (frames.TryTake(out var payload))
        {
            if (isWhole || ControlMessage.TryRead(payload, out var message) != ControlReadResult.Read || message is not RoutesMessage { From: null } piece || !replica.TryAdd(piece))
                return false;
            isWhole = piece.IsLast;
        }

        return isWhole;
    }
}
