using WeCan.Contracts;

namespace WeCan.Lab;

/// <summary>The overlay that the lab runs: edge a, relay r, edge b, in a row.</summary>
internal static class LabPlan
{
    /// <summary>The nodes in the order of the route.</summary>
    public static readonly string[] NodeNames = ["a", "r", "b"];

    /// <summary>Every direction that has a link.</summary>
    public static readonly (string From, string To)[] Paths = [("a", "r"), ("r", "a"), ("r", "b"), ("b", "r")];

    /// <summary>Every flow, its ends and its class.</summary>
    public static readonly (ServiceClass Class, string From, string To)[] Flows =
    [
        (ServiceClass.Signal, "a", "b"), (ServiceClass.Signal, "b", "a"),
        (ServiceClass.Realtime, "a", "b"), (ServiceClass.Realtime, "b", "a"),
    ];

    public static NodeId IdOf(string name) => new((ushort)(Array.IndexOf(NodeNames, name) + 1));

    public static string NameOf(NodeId id) => id.IsNone || id.Value > NodeNames.Length ? id.ToString() : NodeNames[id.Value - 1];

    public static bool IsEdge(string name) => name != "r";

    /// <summary>The edge at the other end.</summary>
    public static string Opposite(string edge) => edge == "a" ? "b" : "a";
}
