namespace WeCan.Controller.Store;

/// <summary>What the lease's row says.</summary>
/// <param name="Token">This controller's token; null where another one holds the lease.</param>
/// <param name="Holder">Who holds it, or held it last.</param>
internal readonly record struct LeaseAnswer(long? Token, string Holder);
