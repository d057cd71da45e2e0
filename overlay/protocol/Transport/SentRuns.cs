using System.Runtime.CompilerServices;

namespace WeCan.Protocol.Transport;

/// <summary>
/// How many of a flow's packets went out over one route up to any sequence number, for the last few stretches without a
/// gap. A route takes every packet while it is used, so a new stretch begins only where some were dropped before they were
/// sent or another route was used; what lies before the oldest one kept is not known any more.
/// </summary>
internal struct SentRuns
{
    private const int Kept = 8;

    private Runs _runs;
    private int _count;
    private uint _next;

    /// <summary>All that went out, modulo 2^32.</summary>
    public uint Total { get; private set; }

    /// <summary>The sequence after the last one that went out.</summary>
    public readonly uint Next => _next;

    public void Add(uint sequence)
    {
        if (Total == 0 || sequence != _next)
            _runs[_count++ & (Kept - 1)] = new Run(sequence, Total);
        Total++;
        _next = sequence + 1;
    }

    /// <summary>How many went out up to and including <paramref name="sequence"/>, which is not beyond the last. False when that is forgotten.</summary>
    public readonly bool TryCountUpTo(uint sequence, out uint sent)
    {
        var end = Total;
        for (var i = _count - 1; i >= 0 && i >= _count - Kept; i--)
        {
            var run = _runs[i & (Kept - 1)];
            if ((int)(sequence - run.Start) >= 0)
            {
                sent = run.Before + Math.Min(sequence - run.Start + 1, end - run.Before);
                return true;
            }

            end = run.Before;
        }

        sent = 0;
        return false;
    }

    private readonly record struct Run(uint Start, uint Before);

    [InlineArray(Kept)]
    private struct Runs
    {
        private Run _first;
    }
}
