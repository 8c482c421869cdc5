package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.testing.Seed;
import cthelper.truth.Ruleset;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Breaks what a cluster is made of, one thing after the other, while clients write: replicas and
 * executors are killed, stopped and frozen, their links cut and slow, the database killed and
 * moved, namespaces go from node to node, others delete our tables. At the end every answer that
 * was given holds, in the database, in every kernel and in what is said of it.
 *
 * <p>The same seed breaks the same things in the same order. {@code ./run chaos --seed N --minutes
 * M}.
 */
final class Chaos {

  private static final int ROUTERS = 6;
  private static final int LAST_LINES = 60;

  /** Of each client, so that the machine is not the first thing that breaks. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final Duration HEALED = Duration.ofSeconds(60);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** A frozen process is found out after 10 s; these are not. */
  private static final Duration FROZEN = Duration.ofSeconds(3);

  private final Cluster cluster;
  private final Random random;
  private final PrintStream out;
  private final Instant begin = Instant.now();
  private final List<Place> places = new ArrayList<>();
  private final Map<String, Runnable> steps = new TreeMap<>();

  /** A router's namespace, wherever it is. */
  private static final class Place {

    final String router = UUID.randomUUID().toString();
    final Writers writers = new Writers(router, true, PAUSE);
    Node node;
    RouterNamespace namespace;
    String kept = "";

    Place(Node node) {
      this.node = node;
      this.namespace = node.namespaces().add(router);
    }
  }

  Chaos(Cluster cluster, Seed seed, PrintStream out) {
    this.cluster = cluster;
    this.random = seed.random();
    this.out = out;
    out.println("chaos " + seed);
    steps.put("a replica is killed", () -> replica(it -> it.process().kill()));
    steps.put("a replica is stopped", () -> replica(it -> it.process().stop()));
    steps.put("a replica is frozen", this::freezeReplica);
    steps.put("a node is killed", () -> node(it -> it.process().kill()));
    steps.put("a node is stopped", () -> node(it -> it.process().stop()));
    steps.put("a node is frozen", this::freezeNode);
    steps.put("links are cut", () -> links(Link::cut));
    steps.put("links are slow", () -> links(it -> it.slow(Duration.ofMillis(200))));
    steps.put("the database is killed", this::killDatabase);
    steps.put("the database moves", () -> cluster.database().move());
    steps.put("a namespace moves", this::moveNamespace);
    steps.put("a table is deleted", this::deleteTable);
  }

  /** Breaks things for so long, then lets all heal and looks whether it did. */
  void lasting(Duration time) {
    try (Truthfulness truthfulness = new Truthfulness(cluster)) {
      begin(truthfulness);
      Instant end = begin.plus(time);
      List<String> names = List.copyOf(steps.keySet());
      while (Instant.now().isBefore(end)) {
        step(names.get(random.nextInt(names.size())));
      }
      places.forEach(place -> place.writers.close());
      say("all is left alone");
      heal();
      assertThat(truthfulness.lies()).isEmpty();
      leaveNothing();
    } catch (RuntimeException | AssertionError failure) {
      tellAll(failure);
      throw failure;
    } finally {
      places.forEach(place -> place.writers.close());
      places.forEach(place -> place.namespace.close());
    }
  }

  /** What every process said last, and what is shown of every router. */
  private void tellAll(Throwable failure) {
    List<Runnable> parts = new ArrayList<>();
    for (Replica replica : cluster.replicas()) {
      parts.add(() -> out.println(replica.api().base() + "\n" + last(replica.process())));
      parts.add(() -> out.println(replica.process().threads()));
    }
    for (Node node : cluster.nodes()) {
      parts.add(() -> out.println(node.data() + "\n" + last(node.process())));
    }
    for (Place place : places) {
      parts.add(() -> out.println(place.router + " at " + place.node.data()));
      parts.add(() -> out.println(cluster.api().helpersOf(place.router).prettify()));
      parts.add(() -> out.println(place.namespace.ruleset()));
    }
    for (Runnable part : parts) {
      try {
        part.run();
      } catch (Exception | AssertionError e) { // also what REST Assured throws undeclared
        failure.addSuppressed(e);
      }
    }
  }

  private static String last(ServiceProcess process) {
    List<String> lines = process.output().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  private void begin(Truthfulness truthfulness) {
    for (int i = 0; i < ROUTERS; i++) {
      places.add(new Place(any(cluster.nodes())));
    }
    Api[] apis = cluster.replicas().stream().map(Replica::api).toArray(Api[]::new);
    for (Place place : places) {
      cluster.api().awaitRouter(place.router);
      place.kept = cluster.api().createHelper(place.router, "tftp", "udp", 69);
      cluster.api().awaitStatus(place.router, place.kept, "ACTIVE");
      truthfulness.watch(place.router, place.kept, place.namespace);
      place.writers.write(apis);
    }
  }

  private void step(String name) {
    for (Replica replica : cluster.replicas()) {
      if (replica.startIfEnded()) {
        say("a replica that had found no database is started again");
      }
    }
    say(name);
    steps.getOrDefault(name, () -> {}).run();
    pause(Duration.ofMillis(random.nextLong(LONGEST_PAUSE.toMillis())));
  }

  private void say(String what) {
    out.printf("%6.1f s  %s%n", Duration.between(begin, Instant.now()).toMillis() / 1000.0, what);
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Time passes here, which is what is tested: nothing is waited for. */
  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void replica(Consumer<Replica> end) {
    Replica replica = any(cluster.replicas());
    end.accept(replica);
    pause(Duration.ofSeconds(1));
    replica.startAgain();
  }

  private void freezeReplica() {
    Replica replica = any(cluster.replicas());
    replica.signal("STOP");
    pause(FROZEN);
    replica.signal("CONT");
  }

  private void node(Consumer<Node> end) {
    Node node = any(cluster.nodes());
    end.accept(node);
    pause(Duration.ofSeconds(1));
    node.launchAgain();
  }

  private void freezeNode() {
    Node node = any(cluster.nodes());
    node.signal("STOP");
    pause(FROZEN);
    node.signal("CONT");
  }

  private void links(Consumer<Link> trouble) {
    List<Link> links = cluster.links(any(cluster.nodes()));
    Link spared = any(links);
    links.stream().filter(link -> link != spared || random.nextBoolean()).forEach(trouble);
    pause(FROZEN);
    links.forEach(Link::mend);
  }

  private void killDatabase() {
    cluster.database().kill();
    pause(Duration.ofSeconds(1));
    cluster.database().start();
  }

  private void moveNamespace() {
    Place place = any(places);
    Node to = any(cluster.nodes());
    if (to != place.node) {
      place.node.namespaces().remove(place.router);
      to.namespaces().place(place.namespace, place.router);
      place.node = to;
    }
  }

  private void deleteTable() {
    RouterNamespace namespace = any(places).namespace;
    if (namespace.ruleset().contains("conntrack_helpers")) {
      namespace.load("delete table inet conntrack_helpers");
    }
  }

  /** Every write that was answered is in the database, in the kernel, and in what is said of it. */
  private void heal() {
    cluster.replicas().forEach(Replica::awaitReady);
    cluster.nodes().forEach(node -> node.process().awaitReady());
    for (Place place : places) {
      assertThat(place.writers.complaints()).isEmpty();
      assertThat(place.writers.accepted()).isPositive();
      await(place.router)
          .atMost(HEALED)
          .untilAsserted(() -> {
            for (Replica replica : cluster.replicas()) {
              agrees(place, replica.api());
            }
          });
      say(place.router + ": " + place.writers.accepted() + " accepted writes hold");
    }
  }

  private static void agrees(Place place, Api api) {
    List<Map<String, Object>> helpers = api.helpersOf(place.router).getList("conntrack_helpers");
    Map<String, String> expected = new TreeMap<>();
    for (Map<String, Object> helper : helpers) {
      assertThat(helper).containsEntry("status", "ACTIVE");
      Object protocol = helper.get("protocol");
      expected.put(
          protocol + " " + helper.get("port"),
          helper.get("helper") + "-" + protocol + " " + helper.get("id"));
    }
    assertThat(helpers)
        .extracting(helper -> helper.get("id"))
        .contains(place.kept)
        .containsAll(place.writers.present())
        .doesNotContainAnyElementsOf(place.writers.absent());
    assertThat(Ruleset.of(place.namespace.namespace()).orElseThrow().assignments())
        .isEqualTo(expected);
  }

  private void leaveNothing() {
    for (Place place : places) {
      cluster.api().deleteRouter(place.router).then().statusCode(204);
    }
    for (Place place : places) {
      await().atMost(HEALED).until(() -> place.namespace.ruleset().isEmpty());
    }
  }
}
