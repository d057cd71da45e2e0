using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Web;

/// <summary>Asks whether a token is good.</summary>
internal sealed class TokenOrder(WebGateway gateway, byte[] token) : IWebOrder
{
    private readonly TaskCompletionSource<(ClientToken? Token, TokenFault Fault)> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsCostly => true;

    public Task<(ClientToken? Token, TokenFault Fault)> Answer => _answer.Task;

    public void Handle(MonoTime now) => _answer.SetResult((gateway.Verify(token, out var fault), fault));
}
