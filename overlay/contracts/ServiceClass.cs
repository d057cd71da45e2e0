namespace WeCan.Contracts;

/// <summary>The service a packet gets on every hop. The values are the wire's (docs/wire-format.md, section 5.6).</summary>
public enum ServiceClass : byte
{
    /// <summary>Routes, liveness, confirmations: first in line, tiny.</summary>
    Control = 0,

    /// <summary>Media: before a deadline or not at all.</summary>
    Realtime = 1,

    /// <summary>Signalling, messages, requests: once and in order, whatever links and relays do.</summary>
    Signal = 2,

    /// <summary>Tunnels, files, replication: as Signal, out of what the others leave, but never starved.</summary>
    Bulk = 3,
}
