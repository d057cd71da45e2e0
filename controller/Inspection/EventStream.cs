using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Inspection;

/// <summary>Writes events as a stream of text/event-stream, as browsers and <c>curl -N</c> read it, until either side ends it.</summary>
internal static class EventStream
{
    public static async Task WriteAsync(HttpContext context, ChannelReader<EventEntry> events, TimeProvider time)
    {
        var cancellation = context.RequestAborted;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(": events follow\n\n", cancellation);
        await context.Response.Body.FlushAsync(cancellation);
        while (true)
        {
            try
            {
                if (!await events.WaitToReadAsync(cancellation).AsTask().WaitAsync(InspectionLimits.StreamLife, time, cancellation))
                    return;
            }
            catch (TimeoutException)
            {
                await context.Response.WriteAsync(": nothing yet\n\n", cancellation);
                await context.Response.Body.FlushAsync(cancellation);
                continue;
            }

            while (events.TryRead(out var happened))
                await context.Response.WriteAsync(Format(happened), cancellation);
            await context.Response.Body.FlushAsync(cancellation);
        }
    }

    private static string Format(EventEntry happened) => string.Create(
        CultureInfo.InvariantCulture,
        $"id: {happened.Id}\nevent: {happened.Kind}\ndata: {Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(happened, InspectionJson.Default.EventEntry))}\n\n");
}
