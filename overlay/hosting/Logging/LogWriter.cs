using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace WeCan.Hosting.Logging;

/// <summary>
/// Writes lines in one format. Whatever a message holds, a line stays one line (or, for journald, lines that each carry their
/// priority), and control characters are escaped: bytes that a peer sent cannot forge a line or steer a terminal.
/// </summary>
internal static class LogWriter
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(LogFormat format, in LogLine line) => format switch
    {
        LogFormat.Json => Json(line),
        LogFormat.Journal => Journal(line),
        _ => Plain(line),
    };

    private static string Plain(in LogLine line)
    {
        var text = new StringBuilder(160);
        text.Append(line.Time.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)).Append(' ').Append(LogLevels.WordOf(line.Level).PadRight(5)).Append(' ');
        AppendSource(text, line);
        AppendClean(text, line.Message, "\n    ");
        if (line.Exception is not null)
        {
            text.Append("\n    ");
            AppendClean(text, line.Exception.ToString(), "\n    ");
        }

        return Cut(text);
    }

    // journald takes each line for a message of its own, so each gets the priority, and the exception stays with its message.
    private static string Journal(in LogLine line)
    {
        var prefix = $"<{LogLevels.PriorityOf(line.Level)}>";
        var text = new StringBuilder(160).Append(prefix);
        AppendSource(text, line);
        AppendClean(text, line.Message, $"\n{prefix}    ");
        if (line.Exception is not null)
        {
            text.Append('\n').Append(prefix).Append("    ");
            AppendClean(text, line.Exception.ToString(), $"\n{prefix}    ");
        }

        return Cut(text);
    }

    private static string Json(in LogLine line)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("time", line.Time.UtcDateTime);
            json.WriteString("level", LogLevels.WordOf(line.Level));
            json.WriteString("source", line.Category);
            if (line.Event.Id != 0)
                json.WriteNumber("event", line.Event.Id);
            if (line.Event.Name is { } name)
                json.WriteString("name", name);
            json.WriteString("message", Short(line.Message));
            WriteFields(json, line.Fields);
            if (line.Exception is not null)
                json.WriteString("exception", Short(line.Exception.ToString()));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>>? fields)
    {
        if (fields is null || fields.All(field => field.Key == "{OriginalFormat}"))
            return;
        json.WriteStartObject("fields");
        foreach (var (key, value) in fields.Where(field => field.Key != "{OriginalFormat}"))
        {
            switch (value)
            {
                case bool truth:
                    json.WriteBoolean(key, truth);
                    break;
                case int or long or short or ushort or byte or uint:
                    json.WriteNumber(key, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber(key, number);
                    break;
                default:
                    json.WriteString(key, Short(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static void AppendSource(StringBuilder text, in LogLine line)
    {
        var category = line.Category;
        text.Append(category.AsSpan(category.LastIndexOf('.') + 1));
        if (line.Event.Id != 0)
            text.Append('[').Append(line.Event.Id).Append(']');
        text.Append(": ");
    }

    private static void AppendClean(StringBuilder text, string message, string newLine)
    {
        var isFirst = true;
        foreach (var line in message.AsSpan().TrimEnd().EnumerateLines())
        {
            if (!isFirst)
                text.Append(newLine);
            isFirst = false;
            foreach (var letter in line)
            {
                if (char.IsControl(letter) && letter != '\t')
                    text.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}");
                else
                    text.Append(letter);
            }
        }
    }

    private static string Cut(StringBuilder text) => text.Length <= HostingLimits.LogLineCharacters ? text.ToString() : $"{text.ToString(0, HostingLimits.LogLineCharacters)}…";

    private static string Short(string text) => text.Length <= HostingLimits.LogLineCharacters ? text : $"{text.AsSpan(0, HostingLimits.LogLineCharacters)}…";
}
