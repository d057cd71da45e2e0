using Microsoft.Extensions.Logging;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Hosting.Files;

namespace WeCan.Runtime.Access;

/// <summary>
/// What an edge knows of the access to the bus on its disk: the frames that a controller would send. Their mark tells a damaged file, which is
/// set aside: nobody is let in by what it may have said, and a controller sends it anew.
/// </summary>
internal static class AccessFile
{
    /// <summary>A larger file holds none: so much is all that a replica takes, and half of it again.</summary>
    private const long MostBytes = 3L * ControlLimits.MaxAccessRecords * (ControlLimits.MaxAccessName + ControlLimits.MaxAccessBody) / 2;

    public static void Save(string path, AccessReplica replica)
    {
        using var content = new MemoryStream();
        foreach (var piece in replica.ToMessages())
            content.Write(piece.ToFrame());
        AtomicFile.Write(path, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <summary>Fills a new replica, unless there is no file, or a damaged one.</summary>
    public static void Load(string path, AccessReplica replica, ILogger log)
    {
        if (!File.Exists(path))
            return;
        var why = "it is not what was written";
        try
        {
            if (new FileInfo(path).Length <= MostBytes && TryRead(File.ReadAllBytes(path), replica))
                return;
        }
        catch (IOException failure)
        {
            why = failure.Message;
        }

        AccessLog.SetAside(log, path, why, path + ".damaged");
        File.Move(path, path + ".damaged", overwrite: true);
    }

    private static bool TryRead(byte[] bytes, AccessReplica replica)
    {
        var frames = new FrameAssembler();
        frames.Add(bytes);
        var isWhole = false;
        while (frames.TryTake(out var payload))
        {
            if (isWhole || ControlMessage.TryRead(payload, out var message) != ControlReadResult.Read || message is not AccessMessage { From: null } piece || !replica.TryAdd(piece))
                return false;
            isWhole = piece.IsLast;
        }

        return isWhole;
    }
}
