using System.Text.Encodings.Web;
using System.Text.Json;

namespace WeCan.Hosting.Configuration;

/// <summary>Values as they stand in a configuration file.</summary>
internal static class ConfigText
{
    public static string Of(string value, bool isBare) => isBare ? value : $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
