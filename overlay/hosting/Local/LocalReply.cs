using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Local;

/// <summary>What a daemon said.</summary>
public sealed record LocalReply(int Status, byte[] Json)
{
    /// <summary>The refusal, where it is one that this program understands.</summary>
    public LocalProblem? Refusal
    {
        get
        {
            try
            {
                return Status is >= 200 and < 300 ? null : JsonSerializer.Deserialize(Json, LocalJson.Default.LocalProblem) is { Error.Length: > 0 } problem ? problem : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>The answer; a refusal is thrown as the sentence that the daemon wrote.</summary>
    /// <exception cref="DaemonException">The daemon refused, or is of another version.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        if (Refusal is { } refusal)
            throw new DaemonException(refusal.Error, refusal.Code == ExitCodes.Ok ? ExitCodes.Fault : refusal.Code);
        try
        {
            return Status is >= 200 and < 300 && JsonSerializer.Deserialize(Json, type) is { } answer ? answer : throw Foreign(null);
        }
        catch (JsonException other)
        {
            throw Foreign(other);
        }
    }

    private static DaemonException Foreign(Exception? inner) =>
        new("The daemon gave an answer that this program does not understand: is it of another version? Restart the daemon after an update.", ExitCodes.Unavailable, inner);
}
