namespace WeCan.Controller.Store;

/// <summary>What rests before it is given again. The values are the store's.</summary>
internal enum RestKind
{
    Number = 1,
    EdgeIndex = 2,
}
