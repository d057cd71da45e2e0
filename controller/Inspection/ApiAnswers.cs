using Microsoft.AspNetCore.Http;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>What every part of the API answers in the same words.</summary>
internal static class ApiAnswers
{
    /// <summary>What a controller that stands by knows is nothing to go by.</summary>
    public static async Task<LocalAnswer?> KnownAsync(ControllerLoop loop, Func<Task<LocalAnswer>> answer)
    {
        if (loop.Mode == LoopMode.StandsBy)
            return LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.Unavailable, loop.Trouble);
        try
        {
            return await answer();
        }
        catch (StoreException problem)
        {
            return LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.Io, problem.Message);
        }
    }

    public static LocalAnswer NoNode(string text) => Missing($"There is no node \"{text}\": \"wecan nodes\" shows them.");

    public static LocalAnswer SameNode() => Bad("These two are the same node: name another one.");

    public static LocalAnswer Missing(string sentence) => LocalAnswer.Refused(StatusCodes.Status404NotFound, ExitCodes.Usage, sentence);

    public static LocalAnswer Bad(string sentence) => LocalAnswer.Refused(StatusCodes.Status400BadRequest, ExitCodes.Usage, sentence);
}
