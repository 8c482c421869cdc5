package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wherever a visit fails, the door's thread ends up in its parking namespace, or ends. */
class NamespaceDoorTest {

  private static final Path NAMESPACE = Path.of("/run/netns/one");

  private final RecordedSystemCalls calls = new RecordedSystemCalls();
  private final NamespaceDoor door = new NamespaceDoor(calls);

  NamespaceDoorTest() {
    calls.addNamespace(NAMESPACE.toString());
  }

  @AfterEach
  void closeDoor() {
    door.close();
  }

  @Test
  void socketIsInsideAndTheThreadOutside() {
    long parking = parkingCookie();
    long inside = opened(door.open(NAMESPACE)).cookie();

    assertThat(inside).isNotEqualTo(parking);
    assertThat(parkingCookie()).isEqualTo(parking);
    assertThat(calls.namespacesWithThreads()).containsExactly(parking);
  }

  @ParameterizedTest
  @ValueSource(strings = {"socket", "bind", "setsockopt", "getsockname", "getsockopt"})
  void failureInsideBringsTheThreadBack(String function) {
    long parking = parkingCookie();
    int descriptors = calls.openDescriptors();
    calls.failNext(function, Errno.ENOMEM);

    assertThat(door.open(NAMESPACE))
        .isEqualTo(new Opening.Failed(Errno.ENOMEM, function + ": ENOMEM (out of memory)"));
    assertThat(calls.openDescriptors()).isEqualTo(descriptors);
    assertThat(parkingCookie()).isEqualTo(parking);
  }

  @Test
  void threadThatCannotComeBackEndsAndIsReplaced() {
    long parking = parkingCookie();
    calls.failAfter("setns", 1, Errno.ENOMEM);
    NamespaceSocket inside = opened(door.open(NAMESPACE));

    assertThat(parkingCookie()).isNotIn(parking, inside.cookie());
    await()
        .untilAsserted(
            () -> assertThat(calls.namespacesWithThreads()).doesNotContain(inside.cookie()));
    assertThat(opened(door.open(NAMESPACE)).cookie()).isEqualTo(inside.cookie());
  }

  @Test
  void missingNameIsNotThere() {
    assertThat(door.open(Path.of("/run/netns/other"))).isEqualTo(new Opening.NotThere());
  }

  @Test
  void fileWithoutANamespaceIsNotYetOne() {
    calls.addFile("/run/netns/other");

    assertThat(door.open(Path.of("/run/netns/other"))).isEqualTo(new Opening.NotYet());
  }

  @Test
  void fileClosedToUsIsNotYetANamespace() {
    calls.failAfter("open", 1, Errno.EACCES);

    assertThat(door.open(NAMESPACE)).isEqualTo(new Opening.NotYet());
  }

  @Test
  void fewDescriptorsAreTheMachinesTrouble() {
    parkingCookie();
    calls.failNext("open", Errno.EMFILE);

    assertThat(door.open(NAMESPACE))
        .isEqualTo(
            new Opening.Failed(Errno.EMFILE, "open: EMFILE (too many open files in this process)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unshare", "setns"})
  void missingPrivilegeIsSaidInOneLine(String function) {
    calls.failNext(function, Errno.EPERM);

    assertThat(door.open(NAMESPACE))
        .isEqualTo(
            new Opening.NotPermitted(
                "entering network namespaces needs CAP_SYS_ADMIN (%s: EPERM (operation not permitted))"
                    .formatted(function)));
  }

  @Test
  void privilegesAreAskedForWithoutANamespace() {
    calls.failNext("unshare", Errno.EPERM);

    assertThat(door.missingPrivilege())
        .hasValueSatisfying(detail -> assertThat(detail).contains("CAP_SYS_ADMIN"));
    assertThat(door.missingPrivilege()).isEmpty();
  }

  @Test
  void closedDoorLeavesNoThreadAndNoDescriptor() {
    parkingCookie();
    door.close();

    await().untilAsserted(() -> assertThat(calls.openDescriptors()).isZero());
    await().untilAsserted(() -> assertThat(calls.namespacesWithThreads()).isEmpty());
  }

  private long parkingCookie() {
    try (NamespaceSocket socket = opened(door.openHere())) {
      return socket.cookie();
    }
  }

  private static NamespaceSocket opened(Opening opening) {
    return ((Opening.Opened) opening).socket();
  }
}
