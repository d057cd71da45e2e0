namespace WeCan.Controller.Inspection.Quality;

/// <summary>What ten seconds more have made of a pair.</summary>
internal enum QualityTurn
{
    /// <summary>It goes on as before.</summary>
    None,

    /// <summary>Too small a share was in time, and it was enough before.</summary>
    Falls,

    /// <summary>It is enough again, or nothing comes that could be judged, for as long as is asked.</summary>
    Recovers,
}
