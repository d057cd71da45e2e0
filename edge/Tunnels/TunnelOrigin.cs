namespace WeCan.Edge.Tunnels;

/// <summary>Who wants a tunnel.</summary>
internal enum TunnelOrigin
{
    /// <summary>The configuration, which a reload may change.</summary>
    Configuration,

    /// <summary>A command, until another one takes it back.</summary>
    Command,
}
