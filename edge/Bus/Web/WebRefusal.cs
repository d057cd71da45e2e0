namespace WeCan.Edge.Bus.Web;

/// <summary>Why a connection came to nothing.</summary>
internal enum WebRefusal
{
    /// <summary>It did not become a client's, or bring a request, in time, or had to go first when there were too many like it.</summary>
    Silent = 0,

    /// <summary>What came is no TLS, or its handshake failed.</summary>
    Handshake = 1,

    /// <summary>What came is no request, or none that is served.</summary>
    Request = 2,

    /// <summary>No token, or none that is good.</summary>
    Token = 3,

    /// <summary>There are as many connections as there may be.</summary>
    NoRoom = 4,
}
