package cthelper.start;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.config.Capability;
import cthelper.config.HeldPrivileges;
import cthelper.config.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a process needs and in what way it can keep it follows from roles and the kernel's words.
 */
class LeastPrivilegeTest {

  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final Set<Role> WITHOUT_EXECUTOR = EnumSet.of(Role.API, Role.RECONCILER);
  private static final String OF_EXECUTOR = "201000";
  private static final String EVERYTHING = "1ffffffffff";

  private static HeldPrivileges held(String uid, String permitted, String ambient, int noNew) {
    return HeldPrivileges.of(
        List.of(
            "Uid:\t%s\t0\t0\t0".formatted(uid),
            "CapInh:\t" + ambient,
            "CapPrm:\t" + permitted,
            "CapEff:\t" + permitted,
            "CapBnd:\t" + EVERYTHING,
            "CapAmb:\t" + ambient,
            "NoNewPrivs:\t" + noNew));
  }

  private static HeldPrivileges root(String permitted, int noNew) {
    return held("0", permitted, "0", noNew);
  }

  @Test
  void onlyTheExecutorNeedsAny() {
    assertThat(LeastPrivilege.of(ALL, root(EVERYTHING, 0)).capabilities())
        .containsExactlyInAnyOrder(Capability.CAP_SYS_ADMIN, Capability.CAP_NET_ADMIN);
    assertThat(LeastPrivilege.of(WITHOUT_EXECUTOR, root(EVERYTHING, 0)).capabilities()).isEmpty();
  }

  @Test
  void moreThanNeededIsToBeGivenUp() {
    HeldPrivileges withBroadcast = root("201800", 1);
    assertThat(LeastPrivilege.of(ALL, withBroadcast).isAllThatIsHeld(withBroadcast)).isFalse();
    HeldPrivileges enough = root(OF_EXECUTOR, 1);
    assertThat(LeastPrivilege.of(ALL, enough).isAllThatIsHeld(enough)).isTrue();
    assertThat(LeastPrivilege.of(WITHOUT_EXECUTOR, enough).isAllThatIsHeld(enough)).isFalse();
  }

  @Test
  void whoCouldGetMoreIsNotDone() {
    HeldPrivileges maybeLater = held("1000", "0", "0", 0);
    assertThat(LeastPrivilege.of(WITHOUT_EXECUTOR, maybeLater).isAllThatIsHeld(maybeLater))
        .isFalse();
    HeldPrivileges never = held("1000", "0", "0", 1);
    assertThat(LeastPrivilege.of(WITHOUT_EXECUTOR, never).isAllThatIsHeld(never)).isTrue();
  }

  @Test
  void rootKeepsThemByHimselfOthersByTheAmbientSet() {
    assertThat(LeastPrivilege.of(ALL, root(EVERYTHING, 0)).isAmbient()).isFalse();
    assertThat(LeastPrivilege.of(ALL, held("1000", OF_EXECUTOR, OF_EXECUTOR, 1)).isAmbient())
        .isTrue();
    assertThat(LeastPrivilege.of(ALL, held("0", OF_EXECUTOR, OF_EXECUTOR, 1)).isAmbient()).isTrue();
  }

  @Test
  void heldOnesHaveNames() {
    assertThat(root("201000", 1).names()).isEqualTo("CAP_NET_ADMIN, CAP_SYS_ADMIN");
    assertThat(root("0", 1).names()).isEqualTo("none");
    assertThat(root("8000201000", 1).names())
        .isEqualTo("CAP_NET_ADMIN, CAP_SYS_ADMIN, 0x8000000000");
  }
}
