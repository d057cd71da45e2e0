using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Runtime.Daemons;

/// <summary>Where others can reach a node that nobody told: the address that it listens on, or all of this machine's that lead out of it.</summary>
internal static class LocalAddresses
{
    public static IReadOnlyList<NetAddress> Of(NetAddress bound)
    {
        var endPoint = bound.ToEndPoint();
        if (!endPoint.Address.Equals(IPAddress.Any) && !endPoint.Address.Equals(IPAddress.IPv6Any))
            return [bound];
        var onlyIPv4 = bound.IsIPv4;
        return
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(card => card.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .Where(address => !onlyIPv4 || address.AddressFamily == AddressFamily.InterNetwork)
                .Where(LeadsOut)
                .OrderBy(IsPrivate)
                .Take(ControlLimits.MaxAddresses)
                .Select(address => NetAddress.FromEndPoint(new(address, endPoint.Port))),
        ];
    }

    private static bool LeadsOut(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast
        && !(address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);

    // Who shares our private network finds these as well; everybody else should try the public ones first.
    private static bool IsPrivate(IPAddress address) =>
        address.IsIPv6UniqueLocal || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [100, >= 64 and <= 127, ..]);
}
