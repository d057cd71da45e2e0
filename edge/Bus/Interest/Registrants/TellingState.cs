namespace WeCan.Edge.Bus.Interest.Registrants;

/// <summary>How far this edge is with telling one home its patterns.</summary>
internal sealed class TellingState
{
    /// <summary>All places of the table below were told, of the spaces that are being told; -1 when none are.</summary>
    public int Cursor { get; set; } = -1;

    /// <summary>Whose new version is to be told.</summary>
    public Queue<(LocalSpace Space, HomeLink Link)> Dirty { get; } = new();

    public bool IsCompleteDue { get; set; }
}
