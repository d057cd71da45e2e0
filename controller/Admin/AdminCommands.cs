using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Admin;

/// <summary>The commands there are, which of them change anything, and what role each asks of who sends it over the network.</summary>
internal static class AdminCommands
{
    /// <summary>With whether one needs a controller that runs, as what it asks for is in no store.</summary>
    private static readonly Dictionary<string, (ApiRole? Role, bool Changes, bool NeedsController)> All = new(StringComparer.Ordinal)
    {
        ["node list"] = (ApiRole.Viewer, false, false),
        ["link list"] = (ApiRole.Viewer, false, true),
        ["route show"] = (ApiRole.Viewer, false, true),
        ["authority show"] = (ApiRole.Viewer, false, false),
        ["token list"] = (ApiRole.Operator, false, false),
        ["token create"] = (ApiRole.Operator, true, false),
        ["token revoke"] = (ApiRole.Operator, true, false),
        ["node revoke"] = (ApiRole.Operator, true, false),
        ["api-token list"] = (ApiRole.Admin, false, false),
        ["api-token create"] = (ApiRole.Admin, true, false),
        ["api-token revoke"] = (ApiRole.Admin, true, false),

        // It names a file of the controller's machine: only who is there may.
        ["backup"] = (null, true, false),
    };

    public static bool Changes(string command) => All.TryGetValue(command, out var known) && known.Changes;

    public static bool NeedsController(string command) => All.TryGetValue(command, out var known) && known.NeedsController;

    /// <summary>Null for what is done on the controller's machine alone. A command that is none is anybody's to hear so.</summary>
    public static ApiRole? RoleOf(string command) => All.TryGetValue(command, out var known) ? known.Role : ApiRole.Viewer;
}
