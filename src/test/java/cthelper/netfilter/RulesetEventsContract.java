package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.netfilter.AlteredSystemCalls.Alteration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of changes in real namespaces, however it comes to us. */
abstract class RulesetEventsContract {

  private static final int MANY = 200;

  private final HeardEvents heard = new HeardEvents();
  private final EventsFixture kernel = new EventsFixture();

  /** What is different from the machine's root with all its privileges. */
  abstract Alteration privileges();

  @AfterEach
  void closeAll() {
    kernel.close();
  }

  @Test
  void foreignChangeIsToldWithItsNamespaceAndProgram() throws InterruptedException {
    NamespaceDoor door = listen();
    TestNamespace other = kernel.namespace();
    TestNamespace namespace = kernel.namespace();
    NamespaceSocket otherSocket = kernel.open(door, other);
    NamespaceSocket socket = kernel.open(door, namespace);
    kernel.write(socket, FTP);
    heard.next();

    Witness nft = namespace.nft("delete table inet conntrack_helpers");

    RulesetCommit commit = heard.next();
    assertThat(commit.namespace()).isEqualTo(socket.namespaceNumber().orElseThrow());
    assertThat(commit.namespace()).isNotEqualTo(otherSocket.namespaceNumber().orElseThrow());
    assertThat(WritingProgram.of(commit)).isEqualTo(new WritingProgram((int) nft.pid(), "nft"));
    assertThat(commit.isBy(socket)).isFalse();
    assertThat(commit.changes()).startsWith("deleted table");
    assertThat(commit.elsewhere()).isFalse();
    assertThat(heard.losses()).isZero();
  }

  @Test
  void everyKindOfForeignChangeIsTold() throws InterruptedException {
    TestNamespace namespace = kernel.namespace();
    NamespaceSocket socket = kernel.open(listen(), namespace);
    kernel.write(socket, FTP, TFTP);
    heard.next();

    assertThat(changesBy(namespace, "add chain inet conntrack_helpers x"))
        .containsExactly("added or changed chain x");
    assertThat(changesBy(namespace, "add rule inet conntrack_helpers x accept"))
        .containsExactly("added rule to chain x");
    assertThat(changesBy(namespace, "delete chain inet conntrack_helpers x"))
        .containsExactly("deleted rule of chain x", "deleted chain x");
    assertThat(changesBy(namespace, "delete element inet conntrack_helpers assign { tcp . 21 }"))
        .containsExactly("deleted element of assign");
    assertThat(changesBy(namespace, "add counter inet conntrack_helpers c"))
        .containsExactly("added or changed object c");
    assertThat(changesBy(namespace, "flush chain inet conntrack_helpers prerouting"))
        .containsExactly("deleted rule of chain prerouting");
    assertThat(changesBy(namespace, "add table inet conntrack_helpers { flags dormant; }"))
        .containsExactly("added or changed table");
    assertThat(changesBy(namespace, "flush ruleset"))
        .containsExactly(
            "deleted table",
            "deleted set assign",
            "deleted set fence",
            "deleted object ftp-tcp",
            "deleted object tftp-udp",
            "deleted object c",
            "deleted chain prerouting");
  }

  @Test
  void ownChangeIsKnownByTheSocketThatWrote() throws InterruptedException {
    NamespaceDoor door = listen();
    TestNamespace namespace = kernel.namespace();
    NamespaceSocket socket = kernel.open(door, namespace);
    NamespaceSocket second = kernel.open(door, namespace);
    NamespaceSocket elsewhere = kernel.open(door, kernel.namespace());

    kernel.write(socket, FTP);
    RulesetCommit commit = heard.next();
    assertThat(second.namespaceNumber()).isEqualTo(socket.namespaceNumber());
    assertThat(commit.isBy(socket)).isTrue();
    assertThat(commit.isBy(second)).isFalse();
    assertThat(commit.isBy(elsewhere)).isFalse();
    assertThat(commit.changes()).startsWith("added or changed table");

    second.close();
    kernel.write(socket, TFTP);
    assertThat(heard.next().isBy(socket)).isTrue();
  }

  @Test
  void changeOfOtherTablesIsToldApart() throws InterruptedException {
    TestNamespace namespace = kernel.namespace();
    NamespaceSocket socket = kernel.open(listen(), namespace);
    kernel.write(socket, FTP);
    heard.next();

    namespace.nft("add table ip conntrack_helpers; add chain ip conntrack_helpers x").orFail();
    assertThat(heard.next())
        .satisfies(commit -> {
          assertThat(commit.touchesTable()).isFalse();
          assertThat(commit.elsewhere()).isTrue();
        });
    namespace.nft("delete table ip conntrack_helpers; delete table inet conntrack_helpers");
    assertThat(heard.next())
        .satisfies(commit -> {
          assertThat(commit.touchesTable()).isTrue();
          assertThat(commit.elsewhere()).isTrue();
        });
  }

  @Test
  void recreatedNamespaceHasANumberOfItsOwn() throws InterruptedException {
    NamespaceDoor door = listen();
    TestNamespace namespace = kernel.namespace();
    NamespaceSocket before = kernel.open(door, namespace);
    before.close();
    namespace.delete();
    TestNamespace again = TestNamespace.create(namespace.name());
    NamespaceSocket after = kernel.open(door, again);

    assertThat(after.namespaceNumber().orElseThrow())
        .isGreaterThan(before.namespaceNumber().orElseThrow());
    again.nft("add table ip elsewhere").orFail();
    assertThat(heard.next().namespace()).isEqualTo(after.namespaceNumber().orElseThrow());
  }

  /** The end of a veth pair goes when the namespace with the other end does. */
  @Test
  void deletedNamespaceGoesWhenItsSocketIsClosed() {
    TestNamespace witness = kernel.namespace();
    TestNamespace namespace = kernel.namespace();
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
            "far",
            "netns",
            namespace.name())
        .orFail();
    NamespaceSocket socket = kernel.open(listen(), namespace);
    namespace.delete();
    assertThat(Witness.run("ip", "-n", witness.name(), "link").orFail()).contains("near@");

    socket.close();

    await()
        .untilAsserted(() ->
            assertThat(Witness.run("ip", "-n", witness.name(), "link").orFail())
                .doesNotContain("near@"));
  }

  @Test
  void manyNamespacesAreToldApartAndLeaveNothingOpen() throws Exception {
    NamespaceDoor door = listen();
    List<TestNamespace> namespaces = TestNamespace.createMany(MANY);
    kernel.atEnd(() -> TestNamespace.deleteMany(namespaces));
    long before = EventsFixture.openDescriptors();
    List<NamespaceSocket> sockets = new ArrayList<>();
    for (TestNamespace namespace : namespaces) {
      sockets.add(kernel.open(door, namespace));
    }

    sockets.forEach(socket -> kernel.write(socket, FTP));

    List<RulesetCommit> commits = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      commits.add(heard.next());
    }
    for (NamespaceSocket socket : sockets) {
      assertThat(commits).filteredOn(commit -> commit.isBy(socket)).hasSize(1);
    }
    assertThat(sockets.stream().map(NamespaceSocket::namespaceNumber).distinct()).hasSize(MANY);
    sockets.forEach(NamespaceSocket::close);
    assertThat(EventsFixture.openDescriptors()).isEqualTo(before);
  }

  @Test
  void overflowIsToldAndLaterChangesAreHeard() throws InterruptedException {
    CountDownLatch firstIsTold = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    RulesetEvents.Listener slow =
        new RulesetEvents.Listener() {
          @Override
          public void committed(RulesetCommit commit) {
            firstIsTold.countDown();
            awaitQuietly(goOn);
            heard.committed(commit);
          }

          @Override
          public void lost() {
            heard.lost();
          }
        };
    NamespaceDoor door =
        kernel.listen(
            AlteredSystemCalls.of(privileges().and(AlteredSystemCalls.receiveLimit(4096))), slow);
    NamespaceSocket socket = kernel.open(door, kernel.namespace());
    kernel.write(socket, FTP);
    firstIsTold.await();
    IntStream.range(0, 50).forEach(i -> kernel.write(socket, FTP, TFTP));
    goOn.countDown();

    heard.awaitLoss();

    NamespaceSocket later = kernel.open(door, kernel.namespace());
    kernel.write(later, FTP);
    RulesetCommit commit = heard.next();
    while (!commit.isBy(later)) {
      commit = heard.next();
    }
    assertThat(commit.changes()).startsWith("added or changed table");
  }

  @Test
  void changeOfManyDatagramsIsToldInShort() throws InterruptedException {
    TestNamespace namespace = kernel.namespace();
    NamespaceSocket socket = kernel.open(listen(), namespace);
    kernel.write(socket, FTP);
    heard.next();
    String elements =
        IntStream.range(0, 5_000).mapToObj(Integer::toString).collect(Collectors.joining(","));

    assertThat(
            changesBy(
                namespace,
                "add set inet conntrack_helpers big { type mark; elements = { %s }; }"
                    .formatted(elements)))
        .containsExactly("added or changed set big", "added element to big (5000)");
  }

  @Test
  void namespacesAreWatchedWhenTheDoorHadToReplaceItsThread() throws InterruptedException {
    AtomicInteger entering = new AtomicInteger();
    Alteration secondCannotComeBack =
        (function, arguments) -> {
          if (function.equals("setns") && entering.incrementAndGet() == 4) {
            throw new SystemCallException("setns", Errno.ENOMEM);
          }
        };
    NamespaceDoor door =
        kernel.listen(AlteredSystemCalls.of(privileges().and(secondCannotComeBack)), heard);
    NamespaceSocket before = kernel.open(door, kernel.namespace());
    kernel.open(door, kernel.namespace());
    NamespaceSocket after = kernel.open(door, kernel.namespace());

    kernel.write(before, FTP);
    assertThat(heard.next().isBy(before)).isTrue();
    kernel.write(after, FTP);
    assertThat(heard.next().isBy(after)).isTrue();
  }

  @Test
  void closedEventsLeaveNothingOpenAndTheDoorUsable() throws IOException {
    SystemCalls calls = AlteredSystemCalls.of(privileges());
    NamespaceDoor door = kernel.door(calls);
    TestNamespace namespace = kernel.namespace();
    kernel.open(door, namespace).close();
    long before = EventsFixture.openDescriptors();
    RulesetEvents events = RulesetEvents.start(calls, door, heard);
    NamespaceSocket watched = kernel.open(door, namespace);
    events.close();
    events.close();

    assertThat(kernel.open(door, namespace).namespaceNumber()).isEmpty();
    watched.close();
    assertThat(EventsFixture.openDescriptors()).isEqualTo(before + 1);
  }

  private NamespaceDoor listen() {
    return kernel.listen(AlteredSystemCalls.of(privileges()), heard);
  }

  private List<String> changesBy(TestNamespace namespace, String command)
      throws InterruptedException {
    namespace.nft(command).orFail();
    RulesetCommit commit = heard.next();
    assertThat(commit.elsewhere()).isFalse();
    return commit.changes();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
