namespace WeCan.Architecture.Tests.Projects;

/// <summary>Who may know whom. Every arrow that this table does not imply is rejected; a room may be empty still.</summary>
internal static class ProjectArrows
{
    private static readonly string[] AllButDaemons =
        ["overlay/contracts", "overlay/hosting", "overlay/protocol", "overlay/sockets", "overlay/runtime", "messagebus", "controller/Routing/Graph", "tools/lab/wan"];

    private static readonly string[] Daemons = ["relay", "edge", "controller"];

    // What any test may lean on besides its own subject: the bad network, the simulator that drives programs over it, and programs as processes.
    private static readonly string[] TestTools = ["tools/lab/wan", "tools/programs", "tests/simulation/engine"];

    public static IReadOnlyList<Room> Rooms { get; } =
    [
        new("overlay/contracts"),
        new("overlay/hosting"),
        new("overlay/protocol", "overlay/contracts"),
        // What a client's socket and a daemon's have in common: no daemon's hosting comes with it.
        new("overlay/sockets", "overlay/contracts", "overlay/protocol"),
        new("overlay/runtime", "overlay/protocol", "overlay/sockets", "overlay/hosting"),

        new("messagebus/protocol", "overlay/contracts", "overlay/protocol"),
        new("messagebus", "overlay/contracts", "overlay/protocol", "overlay/sockets", "messagebus/protocol"),

        new("relay", "overlay/runtime"),
        // An edge knows a controller for a developer's desk alone (docs/decisions/0028): DeskTests hold it to one folder.
        new("edge", "overlay/runtime", "messagebus/protocol", "controller"),
        // The computation of routes without the daemon around it, so that a benchmark may run it too.
        new("controller/Routing/Graph", "overlay/contracts"),
        new("controller", "overlay/contracts", "overlay/hosting", "controller/Routing/Graph"),

        new("tools/cli", AllButDaemons),

        // They run daemons as processes, and are built with them: ProcessReferenceTests hold that they see nothing of their inside.
        new("tools/programs"),
        new("tools/lab", [.. AllButDaemons, .. Daemons, "tools/programs"]),
        new("tools/lab/wan", "overlay/contracts"),
        new("tools/bench", [.. AllButDaemons, .. Daemons, "tools/programs", "tests/simulation/engine", "tests/simulation/world"]),

        new("tests/simulation/engine", "overlay/contracts", "overlay/protocol", "tools/lab/wan"),
        // Whole overlays with their controller, in virtual time: nodes as daemons run them, but for sockets and disk.
        new("tests/simulation/world", "tests/simulation/engine", "overlay/runtime", "controller"),
        new("tests/simulation", [.. TestTools, "tests/simulation/world", "overlay/protocol", "messagebus", "edge", "controller"]),

        new("tests/architecture"),
        new("tests/contracts", [.. TestTools, "overlay/contracts"]),
        new("tests/hosting", [.. TestTools, "overlay/hosting"]),
        new("tests/protocol", [.. TestTools, "overlay/protocol"]),
        new("tests/runtime", [.. TestTools, "overlay/runtime"]),
        new("tests/messagebus", [.. TestTools, "messagebus"]),
        new("tests/relay", [.. TestTools, "relay"]),
        new("tests/edge", [.. TestTools, "edge"]),
        new("tests/controller", [.. TestTools, "controller"]),
        new("tests/tools", [.. TestTools, "tools/cli", "tools/lab", "tools/bench"]),
        new("tests/fuzz", [.. TestTools, "overlay/protocol", "messagebus", "controller"]),
        new("tests/integration", [.. TestTools, "relay", "edge", "controller", "messagebus", "tools/cli", "tools/lab", "tools/bench"]),
    ];

    /// <summary>Every direct reference that the table does not allow, and every project without a row.</summary>
    public static IEnumerable<string> Violations(IEnumerable<ProjectFile> projects)
    {
        foreach (var project in projects)
        {
            if (RoomOf(project.Folder) is not { } room)
            {
                yield return $"{project.Path} is in no room of the table.";
                continue;
            }

            var known = Reachable(room);
            foreach (var reference in project.References)
            {
                var other = RoomOf(Path.GetDirectoryName(reference)!);
                if (other is null)
                    yield return $"{project.Path} references {reference}, which is in no room of the table.";
                else if (!known.Contains(other.Folder))
                    yield return $"{project.Path} references {reference}, but {room.Folder} may know only: {Listed(known.Where(folder => folder != room.Folder))}.";
            }
        }
    }

    /// <summary>Rows that name a room which has no row itself: a typing error would otherwise allow nothing and say nothing.</summary>
    public static IEnumerable<string> UnknownNames() =>
        from room in Rooms
        from name in room.Knows
        where Rooms.All(other => other.Folder != name)
        select $"{room.Folder} may know {name}, which has no row.";

    private static Room? RoomOf(string folder) =>
        Rooms.Where(room => folder == room.Folder || folder.StartsWith(room.Folder + "/", StringComparison.Ordinal)).MaxBy(room => room.Folder.Length);

    private static HashSet<string> Reachable(Room start)
    {
        HashSet<string> reached = [];
        Stack<Room> open = new([start]);
        while (open.TryPop(out var room))
        {
            if (!reached.Add(room.Folder))
                continue;
            foreach (var next in Rooms.Where(next => room.Knows.Contains(next.Folder)))
                open.Push(next);
        }

        return reached;
    }

    private static string Listed(IEnumerable<string> folders)
    {
        var text = string.Join(", ", folders.Order(StringComparer.Ordinal));
        return text.Length == 0 ? "nothing" : text;
    }
}
