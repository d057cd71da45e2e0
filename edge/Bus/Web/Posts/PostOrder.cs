using WeCan.Contracts;
using WeCan.Hosting.Http;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Web.Posts;

/// <summary>A message that somebody posts, whose token was good. Answered when it is confirmed or refused.</summary>
internal sealed class PostOrder(WebGateway gateway, ClientToken token, PostedMessage message) : IWebOrder
{
    private readonly TaskCompletionSource<PostAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClientToken Token => token;

    public PostedMessage Message => message;

    public Task<PostAnswer> Answer => _answer.Task;

    public bool IsCostly => false;

    public void Handle(MonoTime now) => gateway.Posts.Post(now, this);

    /// <summary>The first answer counts.</summary>
    public void Settle(PostAnswer answer)
    {
        if (_answer.TrySetResult(answer))
            gateway.Counters.CountPost(answer.Status == HttpStatus.NoContent ? PostEnd.Confirmed : PostEnd.Refused);
    }
}
