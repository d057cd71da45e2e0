namespace WeCan.Bench.Tunnel;

/// <summary>What the measurement needs of this machine, told in one sentence where it is missing.</summary>
internal static class Prerequisites
{
    private static readonly (string Program, string Package)[] Programs =
        [("ip", "iproute2"), ("cc", "gcc"), ("iperf3", "iperf3"), ("nebula", "nebula"), ("nebula-cert", "nebula"), ("kill", "procps")];

    /// <param name="peers">Packages of the programs that are measured beside ours; what makes the network is always needed.</param>
    public static void Check(params string[] peers)
    {
        if (Environment.UserName != "root")
            throw new TunnelException("This is measured between network namespaces, which only root can make: run it as root.");
        if (!File.Exists("/dev/net/tun"))
            throw new TunnelException("There is no /dev/net/tun here: give the machine or container the TUN device and CAP_NET_ADMIN.");
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var missing = Programs.Where(one => one.Package is "iproute2" or "gcc" or "procps" || peers.Contains(one.Package, StringComparer.Ordinal)).Where(one => !folders.Any(folder => File.Exists(Path.Combine(folder, one.Program)))).Select(one => one.Package).Distinct(StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
            throw new TunnelException($"Programs are missing that this needs: run 'apt-get install {string.Join(' ', missing)}'.");
    }
}
