package cthelper.start;

import cthelper.config.Capability;
import cthelper.config.HeldPrivileges;
import cthelper.config.Role;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which capabilities a process with these roles is to hold, and in what way it is to get them.
 * Pure.
 *
 * @param capabilities no others
 * @param isAmbient whether they have to be handed over execve(2) by the ambient set: only root, who
 *     gets them all by himself, keeps there what he had before
 */
record LeastPrivilege(Set<Capability> capabilities, boolean isAmbient) {

  private static final Set<Capability> OF_EXECUTOR =
      EnumSet.of(Capability.CAP_SYS_ADMIN, Capability.CAP_NET_ADMIN);

  LeastPrivilege {
    capabilities = Set.copyOf(capabilities);
  }

  static LeastPrivilege of(Set<Role> roles, HeldPrivileges held) {
    Set<Capability> needed = roles.contains(Role.EXECUTOR) ? OF_EXECUTOR : Set.of();
    long bits = bits(needed);
    boolean isAmbient = bits != 0 && (!held.isRoot() || (held.ambient() & bits) == bits);
    return new LeastPrivilege(needed, isAmbient);
  }

  /** The same and one more. */
  LeastPrivilege with(Capability capability) {
    Set<Capability> more = EnumSet.of(capability);
    more.addAll(capabilities);
    return new LeastPrivilege(more, isAmbient);
  }

  /** Whether there is nothing to give up, and no execve(2) can ever bring any of it back. */
  boolean isAllThatIsHeld(HeldPrivileges held) {
    return held.noNewPrivileges() && (held.permitted() & ~bits()) == 0;
  }

  /** The set as the kernel writes it. */
  long bits() {
    return bits(capabilities);
  }

  private static long bits(Set<Capability> capabilities) {
    return capabilities.stream().mapToLong(Capability::bit).reduce(0, (a, b) -> a | b);
  }
}
