using System.CommandLine;
using System.Text;
using WeCan.Contracts.Inspection;

namespace WeCan.Cli.Auth;

/// <summary>"wecan space": what is said of spaces.</summary>
internal static class SpaceCommands
{
    private const string Question = "/v1/spaces";

    public static Command Group() => new("space", "Spaces, and the regions whose edges let their clients in: create, list, show, set, remove.");

    public static IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> All()
    {
        yield return Change("create", "Make a space. For the role operator.", HttpMethod.Post);
        yield return (new("list", "Show the spaces."), (call, cancellation) => call.ShowAsync(Question, InspectionJson.Default.SpacesReport, AuthTexts.Spaces, cancellation));
        yield return Show();
        yield return Change("set", "Say of a space anew where its clients are let in: those at other edges are let go of. For the role operator.", HttpMethod.Put);
        yield return Remove();
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Change(string verb, string about, HttpMethod method)
    {
        var name = Name();
        var regions = new Option<string?>("--regions") { Description = "The regions whose edges let its clients in, with commas [default: all]", HelpName = "LIST" };
        return (new(verb, about) { name, regions }, (call, cancellation) =>
        {
            var asked = new StringBuilder(Of(call.Parse.GetRequiredValue(name)));
            HistoryTime.Add(asked, "regions", call.Parse.GetValue(regions));
            return call.SendAsync(method, asked.ToString(), null, InspectionJson.Default.AuthChangeReport, AuthTexts.Change, cancellation);
        }
        );
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Show()
    {
        var name = Name();
        return (new("show", "Show one space.") { name }, (call, cancellation) =>
            call.ShowAsync(Of(call.Parse.GetRequiredValue(name)), InspectionJson.Default.SpacesReport, AuthTexts.Spaces, cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Remove()
    {
        var name = Name();
        return (new("remove", "Take away what was said of a space: who has a token for it is let in everywhere. For the role operator.") { name }, (call, cancellation) =>
            call.SendAsync(HttpMethod.Delete, Of(call.Parse.GetRequiredValue(name)), null, InspectionJson.Default.AuthChangeReport, AuthTexts.Change, cancellation));
    }

    private static Argument<string> Name() => new("name") { Description = "The space: 1 to 63 of a to z, digits, - and _." };

    private static string Of(string name) => $"{Question}?name={Uri.EscapeDataString(name)}";
}
