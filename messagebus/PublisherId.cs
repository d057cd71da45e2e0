namespace WeCan.MessageBus;

/// <summary>A publisher, all over the network: the number that a client library gave itself by chance when it began.</summary>
/// <param name="Value">Never the same for two clients, nor for two lives of one.</param>
public readonly record struct PublisherId(UInt128 Value)
{
    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", null);
}
