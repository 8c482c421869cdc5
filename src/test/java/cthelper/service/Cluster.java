package cthelper.service;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Replicas with API and reconciler on one PostgreSQL, all started at the same time on nothing, and
 * nodes with an executor each, which know all replicas. Everything is a process of its own.
 */
final class Cluster implements AutoCloseable {

  private final SharedDatabase database = new SharedDatabase();
  private final List<Replica> replicas = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Node, List<Link>> links = new HashMap<>();

  private Cluster() {}

  /** Returns when all of them are ready. */
  static Cluster of(int replicas, String... nodes) throws IOException {
    Cluster cluster = new Cluster();
    try {
      for (int i = 0; i < replicas; i++) {
        cluster.replicas.add(new Replica(cluster.database));
      }
      for (String name : nodes) {
        cluster.add(name);
      }
      cluster.replicas.forEach(replica -> replica.process().awaitReady());
      cluster.nodes.forEach(Node::awaitReady);
      return cluster;
    } catch (IOException | RuntimeException | Error e) {
      try (cluster) {
        throw e;
      }
    }
  }

  private void add(String name) {
    List<Link> ways = replicas.stream().map(it -> new Link(it.streamPort())).toList();
    Node node =
        new Node(name, ways.stream().map(Link::address).collect(Collectors.joining(",")), Map.of());
    nodes.add(node);
    links.put(node, ways);
  }

  SharedDatabase database() {
    return database;
  }

  List<Replica> replicas() {
    return replicas;
  }

  List<Node> nodes() {
    return nodes;
  }

  Api api() {
    return replicas.getFirst().api();
  }

  /** The replica that the node says it has reached last. */
  Replica thatServes(Node node) {
    String line =
        node.process()
            .output()
            .lines()
            .filter(it -> it.contains("control plane reached"))
            .reduce((_, last) -> last)
            .orElseThrow();
    for (int i = 0; i < replicas.size(); i++) {
      if (line.contains(links(node).get(i).address())) {
        return replicas.get(i);
      }
    }
    throw new IllegalStateException(line);
  }

  /** The node's ways to the replicas, in their order. */
  List<Link> links(Node node) {
    return Objects.requireNonNull(links.get(node));
  }

  Replica otherThan(Replica one) {
    return replicas.stream().filter(it -> it != one).findFirst().orElseThrow();
  }

  /** Gives the router a namespace on every node, and waits until the control plane knows. */
  List<RouterNamespace> namespaces(String router) {
    List<RouterNamespace> all = nodes.stream().map(node -> node.namespaces().add(router)).toList();
    await("the router's namespaces are known")
        .atMost(Duration.ofSeconds(10))
        .until(() -> api().routerExists(router) && api().placements(router) == all.size());
    return all;
  }

  @Override
  public void close() {
    List<AutoCloseable> all = new ArrayList<>(nodes);
    links.values().forEach(all::addAll);
    all.addAll(replicas);
    all.add(database);
    List<Exception> failures = new ArrayList<>();
    for (AutoCloseable one : all) {
      try {
        one.close();
      } catch (Exception e) { // whatever it is, the others are closed
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.toString(), failures.getFirst());
    }
  }
}
