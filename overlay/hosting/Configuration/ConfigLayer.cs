namespace WeCan.Hosting.Configuration;

/// <summary>The layers of a configuration; a later one wins.</summary>
public enum ConfigLayer
{
    Default,
    File,
    Environment,
    Flag,
}
