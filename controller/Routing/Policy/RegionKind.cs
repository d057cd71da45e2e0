using System.Numerics;

namespace WeCan.Controller.Routing.Policy;

/// <summary>Regions that the rules of ways and nodes name alike.</summary>
/// <param name="From">A bit for each rule that fits what begins in one of them.</param>
/// <param name="To">A bit for each rule that fits what ends there.</param>
/// <param name="Regions">The regions, ascending.</param>
internal sealed record RegionKind(BigInteger From, BigInteger To, List<string> Regions);
