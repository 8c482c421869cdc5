package cthelper.executor;

import cthelper.executor.Crowd.Member;
import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How long an executor that starts needs until all its namespaces hold what they are to hold: with
 * no table anywhere (cold) and with every table as it should be (warm), in this JVM, which is warm
 * after the first rounds, and in fresh ones. Run by {@code ./run bench}; what exactly is compared:
 * {@code bench/README.md}.
 */
final class Resync {

  private static final int ROUNDS = 12;
  private static final int JVMS = 7;
  private static final int FORKS = 50;

  private final Path files;
  private final Crowd crowd;

  private Resync(Path files, Crowd crowd) {
    this.files = files;
    this.crowd = crowd;
  }

  public static void main(String... arguments) throws Exception {
    Path files = Files.createTempDirectory("cthelper-bench");
    try (Crowd crowd = new Crowd(Crowd.SIZE)) {
      System.out.printf("%d namespaces with 5 helpers each%n", Crowd.SIZE);
      Resync resync = new Resync(files, crowd);
      resync.fillStateFile();
      resync.cold();
      resync.coldInFreshJvms("cold, each time in a fresh JVM");
      String learned = resync.learn();
      resync.coldInFreshJvms("cold, each time in a fresh JVM with an AOT cache", learned);
      for (String owner : List.of("false", "auto")) {
        resync.warm(owner);
        resync.warmInFreshJvms(owner, "");
        resync.warmInFreshJvms(owner, " with an AOT cache", learned);
      }
      resync.forks();
    } finally {
      Command.of("rm", "-rf", files.toString()).run();
    }
  }

  /** By desiring everything once. */
  private void fillStateFile() {
    try (BenchNode node = new BenchNode(files, "auto")) {
      node.open();
      node.connect();
      crowd.members().forEach(member -> node.desire(member.desired()));
      crowd.members().forEach(_ -> node.awaitAnswer());
    }
    crowd.awaitHeld();
  }

  private void cold() {
    Series opening = new Series("open(): all namespaces are open");
    Series held = new Series("all tables seen by the witness");
    Series closing = new Series("close()");
    for (int round = 0; round < ROUNDS; round++) {
      crowd.deleteTables();
      try (BenchNode node = new BenchNode(files, "auto")) {
        Meanwhile<Long> seen = Meanwhile.start(crowd::awaitHeld);
        long begin = System.nanoTime();
        node.open();
        opening.add(System.nanoTime() - begin);
        held.add(seen.result() - begin);
        node.awaitApplied(Crowd.SIZE);
        begin = System.nanoTime();
        node.close();
        closing.add(System.nanoTime() - begin);
      }
    }
    print("cold, again and again in one JVM", opening, held, closing);
  }

  /** What a JVM learns from one cold start (JEP 483, JEP 514, JEP 515); the option to use it. */
  private String learn() throws IOException {
    Path cache = files.resolve("aot");
    crowd.deleteTables();
    try (FreshJvm jvm = new FreshJvm(files, "auto", Crowd.SIZE, "-XX:AOTCacheOutput=" + cache)) {
      jvm.times();
    }
    return "-XX:AOTCache=" + cache;
  }

  private void coldInFreshJvms(String title, String... options) throws IOException {
    Series opening = new Series("open(): all namespaces are open");
    Series held = new Series("all tables seen by the witness");
    for (int round = 0; round < JVMS; round++) {
      crowd.deleteTables();
      try (FreshJvm jvm = new FreshJvm(files, "auto", Crowd.SIZE, options)) {
        long seen = crowd.awaitHeld();
        FreshJvm.Times times = jvm.times();
        opening.add(times.opened() - times.begin());
        held.add(seen - times.begin());
      }
    }
    print(title, opening, held);
  }

  private void warm(String owner) {
    Series opening = new Series("open(): all namespaces are open");
    Series verified = new Series("every table read and found right");
    Series answered = new Series("the same, desired and answered");
    for (int round = 0; round < ROUNDS; round++) {
      List<Integer> before = crowd.generations();
      try (BenchNode node = new BenchNode(files, owner)) {
        long begin = System.nanoTime();
        node.open();
        opening.add(System.nanoTime() - begin);
        verified.add(node.awaitApplied(Crowd.SIZE) - begin);
        node.connect();
        long desired = System.nanoTime();
        crowd.members().forEach(member -> node.desire(member.desired()));
        crowd.members().forEach(_ -> node.awaitAnswer());
        answered.add(System.nanoTime() - desired);
      }
      requireWritten(before, owner.equals("auto") ? 1 : 0);
    }
    print(
        "warm, table-owner=%s, again and again in one JVM".formatted(owner),
        opening,
        verified,
        answered);
  }

  private void warmInFreshJvms(String owner, String how, String... options) throws IOException {
    Series opening = new Series("open(): all namespaces are open");
    Series verified = new Series("every table read and found right");
    for (int round = 0; round < JVMS; round++) {
      List<Integer> before = crowd.generations();
      try (FreshJvm jvm = new FreshJvm(files, owner, Crowd.SIZE, options)) {
        FreshJvm.Times times = jvm.times();
        opening.add(times.opened() - times.begin());
        verified.add(times.applied() - times.begin());
      }
      requireWritten(before, owner.equals("auto") ? 1 : 0);
    }
    print(
        "warm, table-owner=%s, each time in a fresh JVM%s".formatted(owner, how),
        opening,
        verified);
  }

  /** So many transactions in each namespace; the tables are as they are to be. */
  private void requireWritten(List<Integer> before, int transactions) {
    crowd.awaitHeld();
    List<Integer> expected = before.stream().map(generation -> generation + transactions).toList();
    if (!crowd.generations().equals(expected)) {
      throw new IllegalStateException("not %d transactions each".formatted(transactions));
    }
  }

  /** What a service does that starts programs, in some of the namespaces. */
  private void forks() throws IOException {
    crowd.deleteTables();
    Path program = Contender.compile(Path.of("bench/apply.c"), files.resolve("apply"));
    Path table = Forks.nftTable(5, files.resolve("table"));
    Series took = new Series("fork of nft -f, the table of one");
    for (Member member : crowd.members().subList(0, FORKS)) {
      LabNamespace namespace = new LabNamespace(member.name());
      try (Contender nft =
          Contender.start(program, Forks.inside(namespace, table, "nft", "-f", "-"))) {
        took.add(nft.go(1));
      }
    }
    print("baseline", took);
    System.out.printf(
        "  one after the other in %d namespaces: %.1f s%n",
        Crowd.SIZE, took.median() * Crowd.SIZE / 1e9);
  }

  private static void print(String title, Series... all) {
    System.out.printf("%s%n", title);
    for (Series series : all) {
      System.out.printf("  %s%n", series.millis());
    }
  }
}
