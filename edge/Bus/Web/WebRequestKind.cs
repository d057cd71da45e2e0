namespace WeCan.Edge.Bus.Web;

/// <summary>What a request asks for.</summary>
internal enum WebRequestKind
{
    /// <summary>Nothing that is here.</summary>
    Other = 0,

    /// <summary>GET /bus: to be a client.</summary>
    Bus = 1,

    /// <summary>POST /publish/SUBJECT.</summary>
    Publish = 2,

    /// <summary>/bus by another method.</summary>
    NotGet = 3,

    /// <summary>/publish/ by another method.</summary>
    NotPost = 4,
}
