using WeCan.Contracts;

namespace WeCan.Edge.Bus.Web;

/// <summary>What a connection's task wants of the loop, handled there in the order of posting.</summary>
internal interface IWebOrder
{
    /// <summary>A token is verified for it, of which a turn does few.</summary>
    bool IsCostly { get; }

    void Handle(MonoTime now);
}
