namespace WeCan.Controller.Policies;

/// <summary>What can be in maintenance.</summary>
internal enum MaintenanceKind
{
    Node,
    Link,
    Region,
    Site,
    Operator,
}
