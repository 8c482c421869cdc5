package cthelper.start;

import static java.nio.charset.StandardCharsets.UTF_8;

import cthelper.config.Capability;
import cthelper.config.HeldPrivileges;
import cthelper.config.Role;
import cthelper.netfilter.Errno;
import cthelper.netfilter.LinuxProcessCalls;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.ListenerSockets;
import cthelper.netfilter.ProcessCalls;
import cthelper.netfilter.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where this process may do more than its roles need, it becomes itself once more, with the same
 * command line, number and standard streams, and without the rest: all its threads then hold the
 * capabilities of {@link LeastPrivilege} and no others, and no program they could start gets more.
 * Before that it opens the one socket that takes more to open than to use.
 */
final class SecondStart {

  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;
  private static final int AFTER_STANDARD_STREAMS = 3;
  private static final Path SELF = Path.of("/proc/self");
  private static final String NO_LISTENER = "none";

  private final Consumer<String> say;
  private final BooleanSupplier stopping;

  /**
   * @param say takes a line for the person who started us
   * @param stopping whether somebody has told us to end, whom a second start would not have heard
   */
  SecondStart(Consumer<String> say, BooleanSupplier stopping) {
    this.say = say;
    this.stopping = stopping;
  }

  /**
   * Returns when this process holds no more than it needs, else becomes one that does.
   *
   * @throws StartRefused when that cannot be
   */
  void ifNeeded(Set<Role> roles) {
    try {
      HeldPrivileges held = HeldPrivileges.ofThisThread();
      LeastPrivilege least = LeastPrivilege.of(roles, held);
      if (System.getenv(ListenerSockets.VARIABLE) == null) {
        if (!least.isAllThatIsHeld(held)) {
          begin(least, held);
        }
      } else {
        go(least.with(Capability.CAP_DAC_READ_SEARCH), held);
      }
    } catch (IOException | SystemCallException e) {
      throw new StartRefused("privileges cannot be given up: " + e.getMessage(), e);
    }
  }

  private void begin(LeastPrivilege needed, HeldPrivileges held) throws IOException {
    ProcessCalls process = new LinuxProcessCalls();
    PrivilegeDrop drop = new PrivilegeDrop(process);
    LeastPrivilege least = readable(needed, held, drop);
    Optional<ListenerSockets> listener =
        least.capabilities().contains(Capability.CAP_SYS_ADMIN)
                && held.mayUse(Capability.CAP_NET_BROADCAST)
            ? ListenerSockets.open(new LinuxSystemCalls())
            : Optional.empty();
    String program = Files.readSymbolicLink(SELF.resolve("exe")).toString();
    byte[] arguments = Files.readAllBytes(SELF.resolve("cmdline"));
    byte[] environment = environment(listener.map(Object::toString).orElse(NO_LISTENER));
    closeAtExec(process, listener);
    drop.leave(least, held);
    if (!stopping.getAsBoolean()) {
      process.execve(program, arguments, environment);
    }
  }

  /** The second start. Whoever sets our variable must not get around the first one by that. */
  private static void go(LeastPrivilege most, HeldPrivileges held) {
    if (!most.isAllThatIsHeld(held)) {
      throw new StartRefused(
          ListenerSockets.VARIABLE + " is set, which only this service itself may do: unset it");
    }
    if (held.ambient() != 0) {
      // It has done its work: programs that we start get none of it.
      new PrivilegeDrop(new LinuxProcessCalls()).leaveHere(held.permitted());
    }
  }

  /** Of this process, and what says that it is the second start. */
  private static byte[] environment(String listener) throws IOException {
    byte[] given = Files.readAllBytes(SELF.resolve("environ"));
    byte[] more = (ListenerSockets.VARIABLE + "=" + listener + "\0").getBytes(UTF_8);
    byte[] all = new byte[given.length + more.length];
    System.arraycopy(given, 0, all, 0, given.length);
    System.arraycopy(more, 0, all, given.length, more.length);
    return all;
  }

  /** The JVM leaves what it opens to the next program: everything but the listener closes. */
  private static void closeAtExec(ProcessCalls process, Optional<ListenerSockets> listener)
      throws IOException {
    try (Stream<Path> descriptors = Files.list(SELF.resolve("fd"))) {
      for (Path descriptor : descriptors.toList()) {
        int number = Integer.parseInt(descriptor.getFileName().toString());
        if (number >= AFTER_STANDARD_STREAMS) {
          closeAtExec(process, number);
        }
      }
    }
    listener.ifPresent(kept -> {
      process.fcntl(kept.events(), F_SETFD, 0);
      process.fcntl(kept.numbers(), F_SETFD, 0);
    });
  }

  /** Another thread of the JVM may have closed it since it was seen. */
  private static void closeAtExec(ProcessCalls process, int descriptor) {
    try {
      process.fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    } catch (SystemCallException e) {
      if (!e.errno().equals(Errno.EBADF)) {
        throw e;
      }
    }
  }

  /**
   * Root's own files can be read without any capability; programs in the closed home directory of
   * an ordinary user, where {@code sudo ./run} finds them, cannot.
   */
  private LeastPrivilege readable(LeastPrivilege least, HeldPrivileges held, PrivilegeDrop drop)
      throws IOException {
    Optional<Path> closed =
        OwnFiles.ofThisProcess().unreadableWith(() -> drop.leaveHere(least.bits()));
    if (closed.isEmpty() || !held.mayUse(Capability.CAP_DAC_READ_SEARCH)) {
      return least;
    }
    say.accept(
        "keeps CAP_DAC_READ_SEARCH too, because without it not even root can read " + closed.get());
    return least.with(Capability.CAP_DAC_READ_SEARCH);
  }
}
