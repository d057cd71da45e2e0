using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Core;

/// <summary>A policy that somebody wants to hold from now on.</summary>
/// <param name="Document">The policy.</param>
/// <param name="Expected">The version that it is to replace: who has not seen a later one replaces none.</param>
/// <param name="Who">Who wants it.</param>
/// <param name="Comment">Why.</param>
internal sealed record PolicyOrder(PolicyDocument Document, long Expected, string Who, string Comment);
