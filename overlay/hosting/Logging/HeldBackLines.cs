using Microsoft.Extensions.Logging;

namespace WeCan.Hosting.Logging;

/// <summary>How many lines of one kind were not written.</summary>
internal readonly record struct HeldBackLines(string Category, EventId Event, LogLevel Level, long Lines);
