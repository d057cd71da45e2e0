namespace WeCan.Edge.Bus.Web.Posts;

/// <summary>A message as it was posted.</summary>
/// <param name="Subject">Not checked yet.</param>
/// <param name="Extras">As MessageExtras writes them; empty for none.</param>
/// <param name="Payload">The body.</param>
internal sealed record PostedMessage(byte[] Subject, byte[] Extras, byte[] Payload);
