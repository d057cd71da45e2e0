namespace WeCan.Edge.Bus.Sessions;

/// <summary>Whoever has a connection: takes what is to go, when it is told that there may be something.</summary>
internal interface IConnectionOwner
{
    /// <summary>
    /// There may be something to take, the last word of a connection that is over among it. Called on the loop's thread from within the bus,
    /// so nothing is taken yet: it is noted, and taken when the caller is done.
    /// </summary>
    void OnReady();
}
