using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WeCan.Hosting.Local;

/// <summary>What a daemon answers over its socket: a status of HTTP and a JSON text; of what it refuses, one sentence for people.</summary>
public sealed record LocalAnswer(int Status, ReadOnlyMemory<byte> Json)
{
    public static LocalAnswer Done<T>(T value, JsonTypeInfo<T> type) => new(200, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <param name="status">A status of HTTP, for programs.</param>
    /// <param name="code">What the command that asked ends with, one of <see cref="Daemon.ExitCodes"/>.</param>
    /// <param name="sentence">What is wrong, and what to do now.</param>
    public static LocalAnswer Refused(int status, int code, string sentence) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(new LocalProblem(sentence, code), LocalJson.Plain.LocalProblem));
}
