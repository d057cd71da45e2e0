using WeCan.Contracts;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>A message that a node of a <see cref="NodeMesh"/> handed to its application.</summary>
internal sealed record MeshMessage(FlowId Flow, ServiceClass Class, ulong Number, byte[] Payload, MonoTime At, MonoTime Deadline);
