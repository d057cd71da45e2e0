namespace WeCan.Protocol.Transport;

/// <summary>The flows of one peer in one direction, linked through themselves.</summary>
internal struct FlowList
{
    public Flow? First { get; private set; }

    public int Count { get; private set; }

    public void Add(Flow flow)
    {
        flow.NextOfPeer = First;
        if (First is not null)
            First.PreviousOfPeer = flow;
        First = flow;
        Count++;
    }

    public void Remove(Flow flow)
    {
        if (flow.PreviousOfPeer is null)
            First = flow.NextOfPeer;
        else
            flow.PreviousOfPeer.NextOfPeer = flow.NextOfPeer;
        if (flow.NextOfPeer is not null)
            flow.NextOfPeer.PreviousOfPeer = flow.PreviousOfPeer;
        flow.NextOfPeer = null;
        flow.PreviousOfPeer = null;
        Count--;
    }
}
