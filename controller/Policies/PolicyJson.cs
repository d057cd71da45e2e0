using System.Text.Json.Serialization;

namespace WeCan.Controller.Policies;

/// <summary>How names in a policy's places are quoted.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class PolicyJson : JsonSerializerContext;
