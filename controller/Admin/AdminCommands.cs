using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Admin;

/// <summary>The commands there are, which of them change anything, and what role each asks of who sends it over the network.</summary>
internal static class AdminCommands
{
    private static readonly Dictionary<string, (ApiRole? Role, bool Changes)> All = new(StringComparer.Ordinal)
    {
        ["node list"] = (ApiRole.Viewer, false),
        ["link list"] = (ApiRole.Viewer, false),
        ["route show"] = (ApiRole.Viewer, false),
        ["authority show"] = (ApiRole.Viewer, false),
        ["token list"] = (ApiRole.Operator, false),
        ["token create"] = (ApiRole.Operator, true),
        ["token revoke"] = (ApiRole.Operator, true),
        ["node revoke"] = (ApiRole.Operator, true),
        ["api-token list"] = (ApiRole.Admin, false),
        ["api-token create"] = (ApiRole.Admin, true),
        ["api-token revoke"] = (ApiRole.Admin, true),

        // It names a file of the controller's machine: only who is there may.
        ["backup"] = (null, true),
    };

    public static bool Changes(string command) => All.TryGetValue(command, out var known) && known.Changes;

    /// <summary>Null for what is done on the controller's machine alone. A command that is none is anybody's to hear so.</summary>
    public static ApiRole? RoleOf(string command) => All.TryGetValue(command, out var known) ? known.Role : ApiRole.Viewer;
}
