using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>Is handed each frame as it came whole. False: it may not come, or not so, and the connection is over.</summary>
internal interface IFrameHandler
{
    bool TryHandle(in Frame frame);
}
