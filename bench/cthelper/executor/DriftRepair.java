package cthelper.executor;

import cthelper.executor.Crowd.Member;
import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import cthelper.netfilter.TableReading.Changeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * How long after somebody else has deleted our table in one of many namespaces it is back. Run by
 * {@code ./run bench}; what exactly is measured: {@code bench/README.md}.
 */
final class DriftRepair {

  private static final int WARM_UP = 500;
  private static final int TIMES = 1000;
  private static final int PROGRAMS = 50;
  private static final long PAUSE_NANOS = 2_000_000;
  private static final long BETWEEN_LOOKS_NANOS = 20_000;

  private final Crowd crowd;
  private final Random random = new Random(1);

  private DriftRepair(Crowd crowd) {
    this.crowd = crowd;
  }

  public static void main(String... arguments) throws Exception {
    Path files = Files.createTempDirectory("cthelper-bench");
    try (Crowd crowd = new Crowd(Crowd.SIZE);
        BenchNode node = new BenchNode(files, "false")) {
      node.open();
      node.connect();
      crowd.members().forEach(member -> node.desire(member.desired()));
      crowd.members().forEach(_ -> node.awaitAnswer());
      System.out.printf("%d namespaces with 5 helpers each are watched%n", Crowd.SIZE);
      DriftRepair repair = new DriftRepair(crowd);
      repair.deleteThroughASocket(WARM_UP);
      print(repair.deleteThroughASocket(TIMES), repair.deleteWithNft(files));
    } finally {
      Command.of("rm", "-rf", files.toString()).run();
    }
  }

  /** From the end of the deleting transaction. */
  private Series deleteThroughASocket(int times) {
    Series took = new Series("table deleted through a socket");
    for (int i = 0; i < times; i++) {
      Member member = anyone();
      Changeable table = member.kernel().changeable();
      member.kernel().delete(table);
      long begin = System.nanoTime();
      awaitCommits(member, table.generation() + 2);
      took.add(awaitHeld(member) - begin);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return took;
  }

  /** From before the program starts to when it has deleted the table, and from there on. */
  private Series[] deleteWithNft(Path files) throws IOException {
    Path program = Contender.compile(Path.of("bench/apply.c"), files.resolve("apply"));
    Path text = Files.writeString(files.resolve("delete"), "delete table inet conntrack_helpers\n");
    Series fork = new Series("nft deletes the table, start to end");
    Series back = new Series("its start to the table being back");
    for (int i = 0; i < PROGRAMS; i++) {
      Member member = anyone();
      int generation = member.kernel().generation();
      LabNamespace namespace = new LabNamespace(member.name());
      try (Contender nft =
          Contender.start(program, Forks.inside(namespace, text, "nft", "-f", "-"))) {
        long begin = System.nanoTime();
        Meanwhile<Long> repaired =
            Meanwhile.start(() -> {
              awaitCommits(member, generation + 2);
              return awaitHeld(member);
            });
        fork.add(nft.go(1));
        back.add(repaired.result() - begin);
      }
    }
    return new Series[] {fork, back};
  }

  /**
   * Not in a busy loop, nor with much to read: on two cores that would be measured, as a neighbour
   * who takes one, and as his garbage.
   */
  private static void awaitCommits(Member member, int generation) {
    while (member.kernel().generation() < generation) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  private static long awaitHeld(Member member) {
    while (!member.kernel().holds(member.desired())) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
    return System.nanoTime();
  }

  private Member anyone() {
    return crowd.members().get(random.nextInt(crowd.members().size()));
  }

  private static void print(Series socket, Series[] programs) {
    System.out.println(socket.millis());
    for (Series series : programs) {
      System.out.println(series.millis());
    }
  }
}
