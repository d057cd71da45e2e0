namespace WeCan.Edge.Bus.Web.Posts;

/// <summary>What became of a posted message.</summary>
internal enum PostEnd
{
    Confirmed = 0,
    Refused = 1,
}
