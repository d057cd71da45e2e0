"""Reads the numbers of some origins on the first line, and a matrix of whole costs (0: no link) on the others. For each origin prints a line
with the cost of the shortest path of at most two relays to each node (0 to itself, 536870912 where there is none), by networkx."""
import sys

import networkx

origins = [int(field) for field in sys.stdin.readline().split()]
rows = [[int(field) for field in line.split()] for line in sys.stdin]
count = len(rows)
graph = networkx.DiGraph()
# A node stands once for each number of links behind it; staying where one is costs nothing, so that shorter paths count.
for layer in range(3):
    for a in range(count) if layer > 0 else origins:
        graph.add_edge((layer, a), (layer + 1, a), weight=0)
        graph.add_weighted_edges_from(((layer, a), (layer + 1, b), cost) for b, cost in enumerate(rows[a]) if cost > 0)
for origin in origins:
    costs = networkx.single_source_dijkstra_path_length(graph, (0, origin))
    print(" ".join(str(costs.get((3, to), 1 << 29)) for to in range(count)), flush=True)
