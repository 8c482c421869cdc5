package cthelper.start;

import cthelper.config.Capability;
import cthelper.config.HeldPrivileges;
import cthelper.netfilter.ProcessCalls;

/**
 * Takes from the calling thread what it need not hold, so that an execve(2) takes it from the whole
 * process: the kernel knows no other way to take something from threads that run already, and a JVM
 * has a dozen of them before its first line of Java. Source: {@code capabilities(7)}, {@code
 * PR_SET_NO_NEW_PRIVS(2const)}.
 */
final class PrivilegeDrop {

  private static final int PR_CAPBSET_DROP = 24;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_CAP_AMBIENT = 47;
  private static final int PR_CAP_AMBIENT_RAISE = 2;
  private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

  private final ProcessCalls calls;

  PrivilegeDrop(ProcessCalls calls) {
    this.calls = calls;
  }

  /** Leaves these, here and after the next execve(2). */
  void leave(LeastPrivilege least, HeldPrivileges held) {
    if (held.mayUse(Capability.CAP_SETPCAP)) {
      limit(held.bounding() & ~least.bits());
    }
    calls.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);
    if (least.isAmbient()) {
      calls.capset(least.bits(), least.bits(), least.bits());
      eachBit(least.bits(), number -> calls.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number));
    } else {
      leaveHere(least.bits());
    }
    // From now on root, too, gets with an execve(2) no more than he has.
    calls.prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
  }

  /** Leaves these in the calling thread, and nothing for programs that it starts. */
  void leaveHere(long bits) {
    calls.capset(bits, bits, 0);
  }

  private void limit(long unwanted) {
    eachBit(unwanted, number -> calls.prctl(PR_CAPBSET_DROP, number, 0));
  }

  private static void eachBit(long bits, NumberTaker taker) {
    for (int number = 0; number < Long.SIZE; number++) {
      if ((bits >>> number & 1) != 0) {
        taker.take(number);
      }
    }
  }

  /** Gets the number of a capability. */
  @FunctionalInterface
  private interface NumberTaker {
    void take(int number);
  }
}
