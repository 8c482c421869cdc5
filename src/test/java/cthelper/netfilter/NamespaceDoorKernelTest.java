package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NamespaceDoorKernelTest {

  private final NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());

  @BeforeEach
  void requirePrivateDirectory() {
    TestNamespace.requirePrivateDirectory();
  }

  @AfterEach
  void closeDoor() {
    door.close();
  }

  @Test
  void cookieTellsNamespacesApart() {
    try (TestNamespace one = TestNamespace.create();
        TestNamespace other = TestNamespace.create()) {
      assertThat(cookie(one)).isEqualTo(cookie(one)).isNotEqualTo(cookie(other));
      assertThat(cookie(one)).isNotEqualTo(parkingCookie());
    }
  }

  @Test
  void recreatedNamespaceOfTheSameNameIsAnotherOne() {
    try (TestNamespace namespace = TestNamespace.create()) {
      long before = cookie(namespace);
      namespace.delete();
      try (TestNamespace again = TestNamespace.create(namespace.name())) {
        assertThat(cookie(again)).isNotEqualTo(before);
      }
    }
  }

  @Test
  void parkingNamespaceIsTheSameAfterEveryFailure() throws IOException {
    Path directory = Path.of("/run/netns");
    Path file = Files.createFile(directory.resolve("file-" + UUID.randomUUID()));
    Path folder = Files.createDirectory(directory.resolve("folder-" + UUID.randomUUID()));
    Path link = Files.createSymbolicLink(directory.resolve("link-" + UUID.randomUUID()), file);
    long parking = parkingCookie();

    assertThat(door.open(directory.resolve("missing"))).isEqualTo(new Opening.NotThere());
    assertThat(door.open(file.resolve("below"))).isEqualTo(new Opening.NotThere());
    assertThat(door.open(file)).isEqualTo(new Opening.NotYet());
    assertThat(door.open(folder)).isEqualTo(new Opening.NotYet());
    assertThat(door.open(Path.of("/proc/self/ns/net").resolveSibling("mnt")))
        .isInstanceOf(Opening.Failed.class);
    assertThat(door.open(link))
        .isInstanceOfSatisfying(
            Opening.Failed.class, failed -> assertThat(failed.errno()).isEqualTo(Errno.ELOOP));
    assertThat(parkingCookie()).isEqualTo(parking);
  }

  @Test
  void rootLacksNoPrivilege() {
    assertThat(door.missingPrivilege()).isEmpty();
  }

  /** The end of a veth pair goes when the namespace with the other end does. */
  @Test
  void deletedNamespaceLivesUntilItsSocketIsClosed() {
    try (TestNamespace witness = TestNamespace.create();
        TestNamespace namespace = TestNamespace.create()) {
      Witness.run(
              "ip",
              "-n",
              witness.name(),
              "link",
              "add",
              "near",
              "type",
              "veth",
              "peer",
              "name",
              "far",
              "netns",
              namespace.name())
          .orFail();
      NamespaceSocket socket = opened(door.open(namespace.path()));
      namespace.delete();

      assertThat(links(witness)).contains("near@");
      socket.close();
      await().untilAsserted(() -> assertThat(links(witness)).doesNotContain("near@"));
    }
  }

  private static String links(TestNamespace namespace) {
    return Witness.run("ip", "-n", namespace.name(), "link").orFail();
  }

  private long cookie(TestNamespace namespace) {
    try (NamespaceSocket socket = opened(door.open(namespace.path()))) {
      return socket.cookie();
    }
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
