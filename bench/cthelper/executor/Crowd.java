package cthelper.executor;

import static cthelper.executor.Plan.helper;

import cthelper.lab.Command;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.HelperCatalog;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Many router namespaces, what each is to hold (five helpers), and a witness in each. */
final class Crowd implements AutoCloseable {

  static final int SIZE = 1000;

  private static final long BETWEEN_LOOKS_NANOS = 200_000;
  private static final List<DesiredHelper> HELPERS =
      List.of(
          helper(Plan.FTP, 21),
          helper(Plan.TFTP, 69),
          helper(HelperCatalog.find("sip", Protocol.UDP).orElseThrow(), 5060),
          helper(HelperCatalog.find("irc", Protocol.TCP).orElseThrow(), 6667),
          helper(HelperCatalog.find("pptp", Protocol.TCP).orElseThrow(), 1723));

  private final NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());
  private final List<Member> members = new ArrayList<>();

  /** One router's namespace. */
  record Member(RouterId router, KernelView kernel, DesiredState desired) {

    String name() {
      return "qrouter-" + router;
    }

    Path path() {
      return RouterNetns.DIRECTORY.resolve(name());
    }
  }

  Crowd(int size) {
    List<RouterId> routers = Stream.generate(RouterId::random).limit(size).toList();
    ip("netns add", routers);
    for (RouterId router : routers) {
      add(router);
    }
  }

  /** One that somebody else has made and deletes. */
  Member add(RouterId router) {
    DesiredState desired = new DesiredState(router, Plan.fence(1), HELPERS);
    Path path = RouterNetns.DIRECTORY.resolve("qrouter-" + router);
    Member member = new Member(router, KernelView.of(door, path), desired);
    members.add(member);
    return member;
  }

  List<Member> members() {
    return members;
  }

  /** Waits until every namespace holds what it is to hold; returns {@link System#nanoTime}. */
  long awaitHeld() {
    for (Member member : members) {
      while (!member.kernel.holds(member.desired)) {
        LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      }
    }
    return System.nanoTime();
  }

  void deleteTables() {
    members.forEach(member -> member.kernel.delete());
  }

  List<Integer> generations() {
    return members.stream().map(member -> member.kernel.generation()).toList();
  }

  @Override
  public void close() {
    members.forEach(member -> member.kernel.close());
    door.close();
    ip(
        "netns del",
        members.stream()
            .filter(member -> member.path().toFile().exists())
            .map(Member::router)
            .toList());
  }

  /** {@code unshare} for an ordinary user, see {@link cthelper.lab.Lab}. */
  private static void ip(String action, List<RouterId> routers) {
    Command.of("ip", "-batch", "-")
        .withInput(
            routers.stream()
                .map(router -> "%s qrouter-%s\n".formatted(action, router))
                .collect(Collectors.joining()))
        .within(Duration.ofMinutes(5))
        .after("unshare", "-n")
        .run();
  }
}
