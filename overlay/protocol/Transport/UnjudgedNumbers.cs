namespace WeCan.Protocol.Transport;

/// <summary>
/// Which of a flow's last numbers lie in gaps that were taken for what went to others, so that each counts when it comes after all. As many as a flow to many
/// tells duplicates among: what lies further back is taken for one.
/// </summary>
internal sealed class UnjudgedNumbers
{
    private readonly ulong[] _bits = new ulong[DuplicateWindow.Size / 64];

    /// <summary>The numbers between the newest and the next, which came.</summary>
    public void Pass(uint newest, uint next, bool isJudged)
    {
        var first = next - newest > DuplicateWindow.Size ? next - DuplicateWindow.Size + 1 : newest + 1;
        for (var number = first; number != next; number++)
            Set(number, !isJudged);
        Set(next, isUnjudged: false);
    }

    /// <summary>A number below the newest has come; true where it has not been counted.</summary>
    public bool Take(uint number)
    {
        var wasUnjudged = (_bits[PlaceOf(number)] & BitOf(number)) != 0;
        Set(number, isUnjudged: false);
        return wasUnjudged;
    }

    private static int PlaceOf(uint number) => (int)(number % DuplicateWindow.Size / 64);

    private static ulong BitOf(uint number) => 1UL << (int)(number % 64);

    private void Set(uint number, bool isUnjudged)
    {
        ref var word = ref _bits[PlaceOf(number)];
        word = isUnjudged ? word | BitOf(number) : word & ~BitOf(number);
    }
}
