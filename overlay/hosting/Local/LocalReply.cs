using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Local;

/// <summary>What a daemon said.</summary>
public sealed record LocalReply(int Status, byte[] Json)
{
    /// <summary>The answer; a refusal is thrown as the sentence that the daemon wrote.</summary>
    /// <exception cref="DaemonException">The daemon refused, or is of another version.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (Status is >= 200 and < 300)
                return JsonSerializer.Deserialize(Json, type) ?? throw Foreign(null);
            var problem = JsonSerializer.Deserialize(Json, LocalJson.Default.LocalProblem);
            throw problem?.Error is { Length: > 0 } sentence ? new DaemonException(sentence, problem.Code == ExitCodes.Ok ? ExitCodes.Fault : problem.Code) : Foreign(null);
        }
        catch (JsonException other)
        {
            throw Foreign(other);
        }
    }

    private static DaemonException Foreign(Exception? inner) =>
        new("The daemon gave an answer that this program does not understand: is it of another version? Restart the daemon after an update.", ExitCodes.Unavailable, inner);
}
