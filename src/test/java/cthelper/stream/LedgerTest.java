package cthelper.stream;

import static cthelper.stream.Plan.fence;
import static cthelper.stream.Plan.ftp;
import static cthelper.stream.Plan.namespace;
import static cthelper.stream.Plan.placement;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.HelperSpec;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Gone;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import cthelper.node.NodeNamespace;
import cthelper.stream.wire.FromNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Two that were told the same have the same digest, and nobody else. */
class LedgerTest {

  private static final ObservedState HELD = Plan.held(Plan.desired(1, 5, ftp(3)));

  private static long digest(FromNode... messages) {
    Ledger ledger = new Ledger();
    List.of(messages).forEach(ledger::add);
    return ledger.digest();
  }

  static FromNode inventory(NodeNamespace... namespaces) {
    return FromNode.newBuilder()
        .setInventory(WireNamespaces.inventory(List.of(namespaces)))
        .build();
  }

  static FromNode appeared(NodeNamespace namespace) {
    return FromNode.newBuilder().setAppeared(WireNamespaces.namespace(namespace)).build();
  }

  private static FromNode vanished(NodeNamespace namespace) {
    return FromNode.newBuilder().setVanished(WireNamespaces.namespace(namespace)).build();
  }

  static FromNode observed(int router, ObservedState state) {
    return FromNode.newBuilder()
        .setObserved(WireObserved.observed(placement(router), state))
        .build();
  }

  @Test
  void theWayToTheSameFactsDoesNotMatter() {
    long direct = digest(inventory(namespace(1, 1), namespace(2, 2)), observed(1, HELD));
    assertThat(digest(inventory(namespace(2, 2), namespace(1, 1)), observed(1, HELD)))
        .isEqualTo(direct);
    assertThat(
            digest(
                inventory(namespace(1, 1), namespace(3, 3)),
                observed(1, new Failed(fence(5), Reason.CONTENDED, "")),
                observed(3, HELD),
                vanished(namespace(3, 3)),
                appeared(namespace(2, 2)),
                observed(1, HELD)))
        .isEqualTo(direct);
    assertThat(
            digest(
                inventory(namespace(1, 9), namespace(4, 4)),
                observed(4, HELD),
                inventory(namespace(1, 1), namespace(2, 2)),
                observed(1, HELD)))
        .isEqualTo(direct);
  }

  @Test
  void everyLossShows() {
    FromNode both = inventory(namespace(1, 1), namespace(2, 2));
    Set<Long> digests = new LinkedHashSet<>();
    List<List<FromNode>> histories =
        List.of(
            List.of(),
            List.of(both),
            List.of(both, observed(1, HELD)),
            List.of(both, observed(2, HELD)),
            List.of(both, observed(1, Plan.held(Plan.desired(1, 5, ftp(4))))),
            List.of(both, observed(1, Plan.held(Plan.desired(1, 6, ftp(3))))),
            List.of(both, observed(1, new Failed(fence(5), Reason.CONTENDED, ""))),
            List.of(both, observed(1, new Failed(fence(5), Reason.NOT_PERMITTED, ""))),
            List.of(both, observed(1, new Superseded(fence(5), fence(6)))),
            List.of(both, vanished(namespace(1, 1))),
            List.of(both, appeared(namespace(1, 3))),
            List.of(both, appeared(namespace(3, 3))));
    histories.forEach(history -> digests.add(digest(history.toArray(FromNode[]::new))));
    assertThat(digests).hasSameSizeAs(histories);
  }

  /** As the database has it, where both are the same. */
  @Test
  void goneIsVanished() {
    FromNode both = inventory(namespace(1, 1), namespace(2, 2));
    assertThat(digest(both, observed(1, HELD), observed(1, new Gone())))
        .isEqualTo(digest(both, vanished(namespace(1, 1))));
  }

  @Test
  void aReplacedNamespaceHasAnsweredNothing() {
    assertThat(digest(inventory(namespace(1, 1)), observed(1, HELD), appeared(namespace(1, 2))))
        .isEqualTo(digest(inventory(namespace(1, 2))));
  }

  /** What another version computes: whoever changes this breaks the agreement with it. */
  @Test
  void theDigestIsTheSumOfTheNumbersOfTheTexts() {
    NodeNamespace here = namespace(1, -4);
    DesiredHelper proven = helper("fedcba98-7654-4210-8fed-cba987654321", 21);
    DesiredHelper refused = helper("0a0b0c0d-e0f0-4a9b-bf80-7f00ff01807f", 2121);
    ObservedState answer =
        new Held(
            fence(5),
            List.of(
                Verdict.proven(proven, Set.of(AddressFamily.IPV6)),
                Verdict.refused(refused, Reason.HELPER_NOT_IN_KERNEL, "")),
            true);
    String fence = hex(Plan.INSTALLATION) + "." + fence(5).epoch() + ".5";
    long present =
        number("%s %s %b -4".formatted(here.name(), hex(here.router().value()), here.adoptable()));

    assertThat(digest(inventory(here))).isEqualTo(present);
    assertThat(digest(inventory(here), observed(1, answer)) - present)
        .isEqualTo(
            number(
                "%s held %s %s.3.true %s.3.false"
                    .formatted(here.name(), fence, hex(proven.id()), hex(refused.id()))));
    assertThat(
            digest(inventory(here), observed(1, new Failed(fence(5), Reason.CONTENDED, "x")))
                - present)
        .isEqualTo(
            number("%s failed %s %s".formatted(here.name(), fence, Reason.CONTENDED.code())));
    assertThat(digest(inventory(here), observed(1, new Superseded(fence(5), fence(5)))) - present)
        .isEqualTo(number("%s superseded %s %s".formatted(here.name(), fence, fence)));
  }

  private static DesiredHelper helper(String id, int port) {
    return new DesiredHelper(UUID.fromString(id), 3, new HelperSpec(Plan.FTP, port));
  }

  private static String hex(UUID id) {
    return id.toString().replace("-", "");
  }

  /** FNV-1a of 64 bits. */
  private static long number(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte octet : text.getBytes(UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
