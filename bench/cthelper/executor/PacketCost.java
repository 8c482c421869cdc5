package cthelper.executor;

import cthelper.lab.Command;
import cthelper.lab.Lab;
import cthelper.lab.LabNamespace;
import cthelper.lab.OpenPorts;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.RouterId;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a packet of an established connection costs on its way through a router with helpers,
 * against one without, and against the iptables chains of the Python agent. Run by {@code ./run
 * bench}; what exactly is measured: {@code bench/README.md}.
 */
final class PacketCost {

  private static final int PORT = 7000;
  private static final int BLOCK = 2_000;
  private static final String NO_RULES =
      "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";

  private final List<Setting> settings = new ArrayList<>();

  /** One way in which the router may be set up, for a block of packets in each round. */
  private record Setting(Series took, int blocks, Runnable install, Runnable remove, Flow flow) {

    void round() {
      install.run();
      took.add(flow.send(blocks));
      remove.run();
    }
  }

  public static void main(String... arguments) throws Exception {
    int rounds = arguments.length == 0 ? 40 : Integer.parseInt(arguments[0]);
    Path files = Files.createTempDirectory("cthelper-bench");
    try {
      Path program = Contender.compile(Path.of("bench/packets.c"), files.resolve("packets"));
      try (Flow flow = new Flow(program);
          Flow legacy = new Flow(program)) {
        new PacketCost().measure(flow, legacy, rounds);
      }
    } finally {
      Command.of("rm", "-rf", files.toString()).run();
    }
  }

  /** iptables-legacy leaves its table in the kernel for good: it has a router of its own. */
  private void measure(Flow flow, Flow legacy, int rounds) {
    Series none = add("no helper", 10, () -> {}, () -> {}, flow);
    for (int helpers : List.of(10, 100, 1000)) {
      add("ours, %d helpers".formatted(helpers), 10, () -> flow.hold(helpers), flow::forget, flow);
    }
    for (int helpers : List.of(10, 100, 1000)) {
      add(
          "iptables-nft, %d chains".formatted(helpers),
          helpers > 100 ? 1 : 5,
          () -> flow.restore("iptables-nft-restore", Forks.agentChains(helpers)),
          () -> flow.router().nft("delete table ip raw"),
          flow);
    }
    legacy.restore("iptables-legacy-restore", NO_RULES);
    Series noRules = add("iptables-legacy, empty raw table", 10, () -> {}, () -> {}, legacy);
    add(
        "iptables-legacy, 1000 chains",
        1,
        () -> legacy.restore("iptables-legacy-restore", Forks.agentChains(1000)),
        () -> legacy.restore("iptables-legacy-restore", NO_RULES),
        legacy);
    for (int round = 0; round < rounds; round++) {
      settings.forEach(Setting::round);
    }
    System.out.println("Nanoseconds of processor time for a packet, from send(2) to the server.");
    for (Setting setting : settings) {
      Series baseline = setting.flow == legacy ? noRules : none;
      System.out.printf("%s  ratio %s%n", setting.took.nanos(), setting.took.ratio(baseline));
    }
    flow.requireAllArrived();
    legacy.requireAllArrived();
  }

  private Series add(String name, int blocks, Runnable install, Runnable remove, Flow flow) {
    Series took = new Series(name);
    settings.add(new Setting(took, blocks, install, remove, flow));
    return took;
  }

  /** One established UDP connection through a router. */
  private static final class Flow implements AutoCloseable {

    private final Lab lab =
        Lab.open("qrouter-" + RouterId.random(), new OpenPorts(Set.of(), Set.of(PORT)));
    private final NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());
    private final KernelView kernel = KernelView.of(door, router().path());
    private final RouterId id = RouterId.random();
    private final DatagramChannel server;
    private final Contender sender;
    private long fence;
    private long sent;

    Flow(Path program) throws IOException {
      server = lab.server().call(() -> DatagramChannel.open().bind(new InetSocketAddress(PORT)));
      Thread answering = Thread.ofPlatform().daemon().start(this::answerOnce);
      sender =
          NewConnections.inside(
              program,
              lab.client(),
              "forward",
              lab.serverIpv4(PORT).getHostString(),
              String.valueOf(PORT),
              String.valueOf(BLOCK));
      try {
        answering.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      NewConnections.sink(lab.server(), PORT);
    }

    private void answerOnce() {
      try {
        ByteBuffer packet = ByteBuffer.allocate(64);
        SocketAddress client = server.receive(packet);
        server.send(packet.flip(), client);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    LabNamespace router() {
      return lab.router();
    }

    /** Nanoseconds per packet of each block. */
    long[] send(int blocks) {
      try {
        sent += (long) blocks * BLOCK;
        return sender.go(blocks);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    void hold(int helpers) {
      List<DesiredHelper> wanted =
          IntStream.range(0, helpers)
              .mapToObj(i -> Plan.helper(i % 2 == 0 ? Plan.FTP : Plan.TFTP, 20_000 + i))
              .toList();
      kernel.write(new DesiredState(id, Plan.fence(++fence), wanted));
    }

    void forget() {
      kernel.delete();
    }

    void restore(String program, String rules) {
      router().command(program).withInput(rules).run();
    }

    void requireAllArrived() {
      String counted = lab.server().command("nft", "list", "ruleset").run();
      if (!counted.contains("packets " + sent + " ")) {
        throw new IllegalStateException("not %d packets arrived: %s".formatted(sent, counted));
      }
    }

    @Override
    public void close() throws IOException {
      sender.close();
      server.close();
      kernel.close();
      door.close();
      lab.close();
    }
  }
}
