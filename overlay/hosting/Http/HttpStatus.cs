namespace WeCan.Hosting.Http;

/// <summary>The statuses of HTTP that daemons answer with (RFC 9110, section 15), and the words that go with them.</summary>
public static class HttpStatus
{
    public const int SwitchingProtocols = 101;
    public const int Ok = 200;
    public const int NoContent = 204;
    public const int BadRequest = 400;
    public const int Unauthorized = 401;
    public const int Forbidden = 403;
    public const int NotFound = 404;
    public const int MethodNotAllowed = 405;
    public const int RequestTimeout = 408;
    public const int Conflict = 409;
    public const int LengthRequired = 411;
    public const int ContentTooLarge = 413;
    public const int ExpectationFailed = 417;
    public const int UpgradeRequired = 426;
    public const int TooManyRequests = 429;
    public const int HeaderFieldsTooLarge = 431;
    public const int InternalServerError = 500;
    public const int ServiceUnavailable = 503;
    public const int VersionNotSupported = 505;
    public const int InsufficientStorage = 507;

    internal static string WordsOf(int status) => status switch
    {
        SwitchingProtocols => "Switching Protocols",
        Ok => "OK",
        NoContent => "No Content",
        BadRequest => "Bad Request",
        Unauthorized => "Unauthorized",
        Forbidden => "Forbidden",
        NotFound => "Not Found",
        MethodNotAllowed => "Method Not Allowed",
        RequestTimeout => "Request Timeout",
        Conflict => "Conflict",
        LengthRequired => "Length Required",
        ContentTooLarge => "Content Too Large",
        ExpectationFailed => "Expectation Failed",
        UpgradeRequired => "Upgrade Required",
        TooManyRequests => "Too Many Requests",
        HeaderFieldsTooLarge => "Request Header Fields Too Large",
        InternalServerError => "Internal Server Error",
        ServiceUnavailable => "Service Unavailable",
        VersionNotSupported => "HTTP Version Not Supported",
        InsufficientStorage => "Insufficient Storage",
        _ => "",
    };
}
