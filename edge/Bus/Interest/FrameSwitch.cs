using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Interest;

/// <summary>Brings each frame of another edge to the part of the desk that it is for.</summary>
internal sealed class FrameSwitch(DeskParts parts)
{
    /// <summary>False where something is no frame; what came before it has had its effect.</summary>
    public bool TryHandle(Peer peer, ReadOnlySpan<byte> frames)
    {
        while (!frames.IsEmpty)
        {
            if (Frame.TryRead(frames, out var frame, out var size) != FrameResult.Read || !TryHandle(peer, frame))
                return false;
            frames = frames[size..];
        }

        return true;
    }

    private bool TryHandle(Peer peer, in Frame frame) => (InterestKind)frame.Kind switch
    {
        InterestKind.Begin or InterestKind.Complete or InterestKind.Pong or InterestKind.Unfollow => CountFrame.TryRead(frame, out var count) && Handle(peer, count),
        InterestKind.Add or InterestKind.Remove => NameFrame.TryRead(frame, out var name) && Handle(peer, name),
        InterestKind.Told or InterestKind.Confirmed or InterestKind.Leave => VersionFrame.TryRead(frame, out var version) && Handle(peer, version),
        InterestKind.Slice => SliceFrame.TryRead(frame, out var slice) && parts.Follower.TryTake(peer, ref slice),
        InterestKind.Change => ChangeFrame.TryRead(frame, out var change) && Handle(peer, change),
        InterestKind.Ended => EndedFrame.TryRead(frame, out var ended) && Handle(peer, ended),
        InterestKind.Follow => FollowFrame.TryRead(frame, out var follow) && Handle(peer, follow),
        InterestKind.Ping => PingFrame.TryRead(frame, out var ping) && Handle(peer, ping),
        InterestKind.Ask => AskFrame.TryRead(frame, out var ask) && Handle(peer, ask),
        InterestKind.Answer => AnswerFrame.TryRead(frame, out var answer) && Handle(peer, answer),
        _ => true,
    };

    private bool Handle(Peer peer, CountFrame frame)
    {
        if (frame.Kind == InterestKind.Begin)
            Homes.Home.Begin(peer);
        else if (frame.Kind == InterestKind.Complete)
            parts.Home.Complete(peer, frame.Number);
        else if (frame.Kind == InterestKind.Pong)
            parts.Follower.Renew(peer, frame.Number);
        else if (frame.Number <= uint.MaxValue)
            parts.Home.Unfollow(peer, (uint)frame.Number);
        return true;
    }

    private bool Handle(Peer peer, in NameFrame frame)
    {
        if (frame.Kind == InterestKind.Add)
            parts.Home.Add(peer.Registrar, frame.Name);
        else
            parts.Home.Remove(peer.Registrar, frame.Name);
        return true;
    }

    private bool Handle(Peer peer, in VersionFrame frame)
    {
        if (frame.Kind == InterestKind.Told)
            parts.Home.Told(peer.Registrar, frame.Space, frame.Version);
        else if (frame.Kind == InterestKind.Leave)
            parts.Home.Leave(peer.Registrar, frame.Space, frame.Version);
        else
            parts.Registrant.Confirm(peer.Id, frame.Space, frame.Version);
        return true;
    }

    private bool Handle(Peer peer, in ChangeFrame frame)
    {
        parts.Follower.Take(peer, frame);
        return true;
    }

    private bool Handle(Peer peer, EndedFrame frame)
    {
        parts.Follower.Take(peer, frame);
        return true;
    }

    private bool Handle(Peer peer, in FollowFrame frame)
    {
        parts.Home.Follow(peer, frame);
        return true;
    }

    private bool Handle(Peer peer, PingFrame frame)
    {
        parts.Home.Renew(peer, frame);
        return true;
    }

    /// <summary>Of an edge that is no member here nothing is said that could have it passed over.</summary>
    private bool Handle(Peer peer, AskFrame frame)
    {
        var shared = parts.Shared;
        var silence = Duration.Zero;
        if (shared.Find(frame.About) is { } about)
        {
            shared.Watch(about, InterestLimits.WatchFor);
            silence = shared.SilenceOf(about);
        }

        new AnswerFrame(frame.Stamp, frame.About, (uint)Math.Min(uint.MaxValue, silence.Milliseconds)).Write(peer.Asking.Batch);
        shared.MarkReady(peer);
        return true;
    }

    private bool Handle(Peer peer, AnswerFrame frame)
    {
        if (!peer.Hearsay.TryGetValue(frame.About, out var hearsay))
            return true;
        hearsay.AnswerTo = new((long)Math.Min(frame.Stamp, (ulong)parts.Shared.Now.Nanoseconds));
        hearsay.Silence = Duration.FromMilliseconds(frame.SilentMilliseconds);
        peer.Hearsay[frame.About] = hearsay;
        return true;
    }
}
