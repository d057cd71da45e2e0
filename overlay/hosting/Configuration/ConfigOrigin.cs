namespace WeCan.Hosting.Configuration;

/// <summary>Where a value of the configuration stands, in the words that an error message and --print-config use.</summary>
public sealed record ConfigOrigin(ConfigLayer Layer, string Text)
{
    public static readonly ConfigOrigin Default = new(ConfigLayer.Default, "default");

    public override string ToString() => Text;
}
