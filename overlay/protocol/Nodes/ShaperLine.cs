namespace WeCan.Protocol.Nodes;

/// <summary>
/// Who waits in one line of a <see cref="Shaper"/>, in turns by bytes (a deficit round robin): who is first sends until
/// his credit is used up, then gets a new one and goes to the end. Credit lasts while somebody is away, so that coming and going gains
/// nothing. Invariant: whoever stands in the line has credit.
/// </summary>
internal sealed class ShaperLine(int index)
{
    private readonly Queue<ShaperTicket> _standing = new();

    /// <summary>How many of those who stand here want to send.</summary>
    public int Waiting { get; set; }

    public void Add(ShaperTicket ticket, int turn)
    {
        _standing.Enqueue(ticket);
        if (ticket.Credit(index) <= 0)
            ticket.Credit(index) += turn;
    }

    public bool TryPeek(out ShaperTicket ticket) => _standing.TryPeek(out ticket!);

    /// <summary>Who is first goes.</summary>
    public void Take() => _standing.Dequeue();

    /// <summary>Who is first has sent so many bytes; a new turn is so many.</summary>
    public void OnSent(int bytes, int turn)
    {
        var first = _standing.Peek();
        first.Credit(index) -= bytes;
        if (first.Credit(index) > 0)
            return;
        first.Credit(index) += turn;
        _standing.Enqueue(_standing.Dequeue());
    }
}
