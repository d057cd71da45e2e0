using WeCan.Contracts;
using WeCan.Contracts.Control.Access;

namespace WeCan.Controller.Store;

/// <summary>What edges are told of the access to the bus, one record of it: since when it says so, and by whom.</summary>
internal sealed record AccessRow(AccessRecord Record, UnixTime At, string Who)
{
    public (AccessKind Kind, string Name) Key => (Record.Kind, Record.Name);
}
