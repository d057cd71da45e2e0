namespace WeCan.Hosting.Configuration;

internal enum ConfigNodeKind
{
    Object,
    List,
    Text,
    Null,
}
