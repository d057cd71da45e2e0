namespace WeCan.Bench.Bus;

/// <summary>Is lent the payload of each message that comes.</summary>
internal delegate void PayloadTaker(ReadOnlySpan<byte> payload);
