package cthelper.executor;

import cthelper.executor.Turns.Work;
import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import cthelper.model.RouterId;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.Opening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What putting helpers into the kernel costs the executor, against a C program that sends the very
 * same bytes, and against forking {@code nft} and {@code iptables-restore}. Run by {@code ./run
 * bench}; what exactly is compared: {@code bench/README.md}.
 *
 * <p>The bytes come from a rehearsal: the executor works in a fresh namespace while its system
 * calls are written down. In another fresh namespace the kernel then takes exactly those, down to
 * the ruleset's generation and the fence. In the package of {@link Apply}, which is not public.
 */
final class ApplyCost {

  private static final int ROUNDS = 40;
  private static final int BLOCK = 50;

  /** Helpers put into the kernel until the JVM has compiled the way there for good. */
  private static final int WARM_UP_HELPERS = 150_000;

  private final Path files;
  private final Path program;
  private final int helpers;

  private ApplyCost(Path files, Path program, int helpers) {
    this.files = files;
    this.program = program;
    this.helpers = helpers;
  }

  public static void main(String... arguments) throws Exception {
    Path files = Files.createTempDirectory("cthelper-bench");
    try {
      Path program = Contender.compile(Path.of("bench/apply.c"), files.resolve("apply"));
      System.out.println("All figures in microseconds.");
      for (int helpers : List.of(5, 100)) {
        new ApplyCost(files, program, helpers).measure();
      }
    } finally {
      Command.of("rm", "-rf", files.toString()).run();
    }
  }

  /** All in the same rounds, so that whatever else the machine does meets everybody. */
  private void measure() throws Exception {
    try (Pair change = new Pair(Work.CHANGE);
        Pair install = new Pair(Work.INSTALL);
        Pair apply = new Pair(Work.APPLY);
        Programs programs = new Programs()) {
      for (int round = 0; round < ROUNDS; round++) {
        change.round(round);
        install.round(round);
        apply.round(round);
        programs.round();
      }
      System.out.printf("%n%d helpers%n", helpers);
      change.print("one change: fence swapped, map refilled");
      install.print("install: the whole table where none is");
      apply.print("apply: read the table, change it, read it back");
      programs.print(change, apply);
    }
  }

  private static NamespaceSocket open(NamespaceDoor door, RouterNetns netns) {
    return switch (door.open(netns.path())) {
      case Opening.Opened(NamespaceSocket socket) -> socket;
      case Opening other -> throw new IllegalStateException(netns + ": " + other);
    };
  }

  /** The executor and its C twin, each in a namespace of its own. */
  private final class Pair implements AutoCloseable {

    private final RouterNetns ours = RouterNetns.create(RouterId.random());
    private final RouterNetns theirs = RouterNetns.create(RouterId.random());
    private final NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());
    private final NamespaceSocket socket = open(door, ours);
    private final Turns turns;
    private final Contender replay;
    private final Series java = new Series("Java, in the executor");
    private final Series c = new Series("C, the same bytes");

    Pair(Work work) throws IOException {
      warmUp(work);
      turns = new Turns(work, helpers, socket, files);
      replay =
          Contender.start(program, List.of("replay", theirs.path().toString(), rehearse(work)));
    }

    private void warmUp(Work work) throws IOException {
      try (RouterNetns netns = RouterNetns.create(RouterId.random());
          NamespaceSocket stage = open(door, netns)) {
        Turns others = new Turns(work, helpers, stage, files);
        for (int i = 0; i < WARM_UP_HELPERS / helpers; i++) {
          others.take();
        }
      }
    }

    /** The same turns as the measured ones, in a third namespace. */
    private String rehearse(Work work) throws IOException {
      Path script = files.resolve("script-%s-%d".formatted(work, helpers));
      try (Rehearsal rehearsal = new Rehearsal(script);
          RouterNetns netns = RouterNetns.create(RouterId.random());
          NamespaceDoor rehearsed = new NamespaceDoor(rehearsal.calls());
          NamespaceSocket stage = open(rehearsed, netns)) {
        Turns sameTurns = new Turns(work, helpers, stage, files);
        for (int i = 0; i < ROUNDS * BLOCK; i++) {
          sameTurns.prepare();
          rehearsal.next(false);
          sameTurns.work();
          rehearsal.next(true);
        }
      }
      return script.toString();
    }

    /** Who begins alternates. */
    void round(int round) throws IOException {
      long[] block = new long[BLOCK];
      if (round % 2 == 0) {
        c.add(replay.go(BLOCK));
      }
      for (int i = 0; i < BLOCK; i++) {
        block[i] = turns.take();
      }
      java.add(block);
      if (round % 2 == 1) {
        c.add(replay.go(BLOCK));
      }
    }

    void print(String title) {
      System.out.printf("  %s%n    %s%n    %s%n", title, java.line(), c.line());
      System.out.printf("    Java / C %s%n", java.ratio(c));
    }

    @Override
    public void close() throws IOException {
      replay.close();
      socket.close();
      door.close();
      ours.close();
      theirs.close();
    }
  }

  /** The programs, once each in every round. */
  private final class Programs implements AutoCloseable {

    private final RouterNetns netns = RouterNetns.create(RouterId.random());
    private final LabNamespace namespace = new LabNamespace(netns.name().text());
    private final Contender nft;
    private final Contender ipv4;
    private final Contender ipv6;
    private final Series nftTook = new Series("fork of nft -f, the change alone");
    private final Series iptablesTook = new Series("forks of iptables-restore, v4+v6");

    Programs() throws IOException {
      Path change = Forks.nft(namespace, helpers, files.resolve("nft-" + helpers));
      Path rules = Forks.iptables(helpers, files.resolve("rules-" + helpers));
      nft = Contender.start(program, Forks.inside(namespace, change, "nft", "-f", "-"));
      ipv4 = Contender.start(program, Forks.inside(namespace, rules, "iptables-restore"));
      ipv6 = Contender.start(program, Forks.inside(namespace, rules, "ip6tables-restore"));
    }

    void round() throws IOException {
      nftTook.add(nft.go(1));
      iptablesTook.add(new long[] {ipv4.go(1)[0] + ipv6.go(1)[0]});
    }

    void print(Pair change, Pair apply) {
      for (Series took : List.of(nftTook, iptablesTook)) {
        System.out.printf(
            "  %s%n    %.0f times our change, %.0f times our whole apply%n",
            took.line(), took.median() / change.java.median(), took.median() / apply.java.median());
      }
    }

    @Override
    public void close() throws IOException {
      nft.close();
      ipv4.close();
      ipv6.close();
      netns.close();
    }
  }
}
