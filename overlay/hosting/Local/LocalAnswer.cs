using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Http;

namespace WeCan.Hosting.Local;

/// <summary>What a daemon answers over its socket: a status of HTTP and a JSON text; of what it refuses, one sentence for people.</summary>
public sealed record LocalAnswer(int Status, ReadOnlyMemory<byte> Json)
{
    public static LocalAnswer Done<T>(T value, JsonTypeInfo<T> type) => new(200, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <param name="status">A status of HTTP, for programs.</param>
    /// <param name="code">What the command that asked ends with, one of <see cref="ExitCodes"/>.</param>
    /// <param name="sentence">What is wrong, and what to do now.</param>
    public static LocalAnswer Refused(int status, int code, string sentence) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(new LocalProblem(sentence, code), LocalJson.Plain.LocalProblem));

    /// <summary>A fault in an answer is told to who asked, and the daemon goes on.</summary>
    public static LocalAnswer Failed(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure is TimeoutException
            ? Refused(HttpStatus.ServiceUnavailable, ExitCodes.Unavailable, failure.Message)
            : Refused(HttpStatus.InternalServerError, ExitCodes.Fault, $"The daemon failed at it: {failure.GetType().Name}: {failure.Message}");
    }
}
