using WeCan.Controller.Store;

namespace WeCan.Controller.Service;

/// <summary>What becomes of a loop.</summary>
/// <param name="Mode">What it may do from now on.</param>
/// <param name="State">What it goes on with; null for what it has.</param>
/// <param name="Why">A sentence, where it does not lead.</param>
/// <param name="Store">The store of a new leadership; null for the one that it has.</param>
internal sealed record LoopTurn(LoopMode Mode, ControllerState? State, string Why, IControllerStore? Store);
