using WeCan.Controller.Store;

namespace WeCan.Controller.Service;

/// <summary>That this controller leads from now on, with a state that was just loaded, or stands by behind another one, whose sentence is given.</summary>
internal sealed record LoopTurn(LoopMode Mode, ControllerState State, string Why);
