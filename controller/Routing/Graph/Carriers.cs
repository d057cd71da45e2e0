using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// A topology laid out for the search: what it costs to come to each node that carries, from each node that there is and from
/// each other carrier (the time that the relay takes is in it), and to come from it to each node. Rows are padded with what
/// cannot be reached, so that they can be gone through in whole vectors.
/// </summary>
internal sealed class Carriers
{
    private readonly int[] _carriers;
    private readonly int[] _places;
    private readonly int[] _into;
    private readonly int[] _between;
    private readonly int[] _out;

    public Carriers(Topology topology, int relayTime)
    {
        _carriers = [.. Enumerable.Range(0, topology.Count).Where(topology.Carries)];
        _places = new int[topology.Count];
        Array.Fill(_places, -1);
        for (var place = 0; place < _carriers.Length; place++)
            _places[_carriers[place]] = place;
        Stride = (_carriers.Length + Vector256<int>.Count - 1) / Vector256<int>.Count * Vector256<int>.Count;
        _into = Rows(topology.Count, (from, place) => topology.Cost(from, _carriers[place]) + relayTime);
        _between = Rows(_carriers.Length, (from, place) => topology.Cost(_carriers[from], _carriers[place]) + relayTime);
        _out = Rows(topology.Count, (to, place) => topology.Cost(_carriers[place], to));
    }

    /// <summary>The length of a row.</summary>
    public int Stride { get; }

    public int Count => _carriers.Length;

    /// <summary>Which of the nodes a carrier is.</summary>
    public int Node(int place) => _carriers[place];

    /// <summary>Which of the carriers a node is; below zero where it is none.</summary>
    public int PlaceOf(int node) => _places[node];

    public ReadOnlySpan<int> Into(int from) => _into.AsSpan(from * Stride, Stride);

    public ReadOnlySpan<int> Between(int from) => _between.AsSpan(from * Stride, Stride);

    public ReadOnlySpan<int> Out(int to) => _out.AsSpan(to * Stride, Stride);

    private int[] Rows(int count, Func<int, int, int> cost)
    {
        var rows = new int[count * Stride];
        Array.Fill(rows, Topology.Unreachable);
        for (var row = 0; row < count; row++)
        {
            for (var place = 0; place < _carriers.Length; place++)
                rows[(row * Stride) + place] = Math.Min(cost(row, place), Topology.Unreachable);
        }

        return rows;
    }
}
