namespace WeCan.Runtime.Control;

/// <summary>No session with a controller came about; the message is a clause for the log.</summary>
internal sealed class ControlRefusedException(string message, Exception? inner = null) : Exception(message, inner);
