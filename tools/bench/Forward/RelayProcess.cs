using System.Globalization;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Bench.Forward;

/// <summary>
/// The relay that is measured, seen from the bench: how it is started, told its peers, and asked. Whatever program relays, this is the
/// only place that knows which.
/// </summary>
internal sealed class RelayProcess : IDisposable
{
    private readonly ChildProcess _process;

    public RelayProcess()
    {
        _process = ChildProcess.OfThisProgram(RelayProgram.Argument);
        var hello = _process.Ask().Split(' ');
        if (hello.Length != 2 || !NetAddress.TryParse(hello[0], out var address) || !P256PublicKey.TryRead(Convert.FromBase64String(hello[1]), out var key))
            throw new ForwardException($"The relay does not say where it is: {string.Join(' ', hello)}");
        (Address, Key) = (address, key);
    }

    public NodeId Id { get; } = new(RelayProgram.Id);

    public NetAddress Address { get; }

    public P256PublicKey Key { get; }

    public double ProcessorSeconds => _process.ProcessorSeconds;

    public double ResidentMebibytes => _process.ResidentMebibytes;

    public void AddPeer(NodeId id, P256PublicKey key) =>
        _process.Ask(string.Create(CultureInfo.InvariantCulture, $"peer {id.Value} {Convert.ToBase64String(key.ToArray())}"));

    public RelayReport Report()
    {
        var numbers = _process.Ask("report").Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }

    public void Dispose() => _process.Dispose();
}
