using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control;

/// <summary>Reads one item of an array; false for bytes that are none.</summary>
internal delegate bool ItemReader<T>(ref MessagePackReader reader, out T item);
