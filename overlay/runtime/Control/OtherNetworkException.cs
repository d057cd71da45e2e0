namespace WeCan.Runtime.Control;

/// <summary>Who answers at a controller's address belongs to another network. The message says so without a full stop.</summary>
internal sealed class OtherNetworkException(string message, Exception? inner = null) : Exception(message, inner);
