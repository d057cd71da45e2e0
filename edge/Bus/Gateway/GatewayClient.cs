using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Bus.Gateway;

/// <summary>A client whose link stands: its connection to the bus, and the flow that brings it what that has to say.</summary>
internal sealed class GatewayClient(ClientPlace place, List<GatewayClient> ready) : IConnectionOwner
{
    private bool _isReady;

    public ClientPlace Place { get; } = place;

    public BusConnection Connection { get; set; } = null!;

    /// <summary>Opened with the first word; none before.</summary>
    public FlowHandle Flow { get; set; }

    /// <summary>The flows that Realtime messages go on, by their priority; null until the first.</summary>
    public FlowHandle[]? Realtime { get; set; }

    /// <summary>A piece that the flow had no room for: it goes first when there is some.</summary>
    public byte[]? Held { get; set; }

    /// <summary>The flow that brings what it says; none before the first word.</summary>
    public FlowId Inbound { get; set; }

    /// <summary>Its words are left where they are, which in time stops it.</summary>
    public bool IsPaused { get; set; }

    /// <summary>When it is looked after at the latest.</summary>
    public MonoTime WakeAt { get; set; } = MonoTime.Never;

    /// <summary>It has said who it is, and is awaited no longer.</summary>
    public bool IsGreeted { get; set; }

    /// <summary>Its connection is over, and its link ends after a while.</summary>
    public bool IsParting { get; set; }

    public void OnReady()
    {
        if (_isReady)
            return;
        _isReady = true;
        ready.Add(this);
    }

    /// <summary>What it has noted is taken now.</summary>
    public void ClearReady() => _isReady = false;
}
