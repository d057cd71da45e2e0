using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace WeCan.Controller.Inspection;

/// <summary>Reads the body of a request within a bound.</summary>
internal static class RequestBody
{
    /// <summary>
    /// The body, or null where it is larger. What is somewhat too large is taken to its end and let go of: who is cut off while he sends hears no
    /// sentence.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="most">What is read at most.</param>
    /// <param name="taken">What is taken before the connection is cut.</param>
    public static async Task<byte[]?> ReadAsync(HttpContext context, int most, int taken)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound)
            bound.MaxRequestBodySize = taken;
        try
        {
            var bytes = new byte[most];
            var read = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted);
            var beyond = new byte[4 << 10];
            var isTooLarge = false;
            while (read == bytes.Length && await context.Request.Body.ReadAsync(beyond, context.RequestAborted) > 0)
                isTooLarge = true;
            return isTooLarge ? null : bytes[..read];
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}
