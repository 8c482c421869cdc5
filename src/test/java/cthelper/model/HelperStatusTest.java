package cthelper.model;

import static cthelper.model.AddressFamily.IPV4;
import static cthelper.model.AddressFamily.IPV6;
import static cthelper.model.HelperStatus.State.ACTIVE;
import static cthelper.model.HelperStatus.State.BUILD;
import static cthelper.model.HelperStatus.State.DOWN;
import static cthelper.model.HelperStatus.State.ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of a status, one after the other; the helper in question is ftp at revision 3. */
class HelperStatusTest {

  private static final RouterId ROUTER = RouterId.random();
  private static final Set<AddressFamily> BOTH = EnumSet.of(IPV4, IPV6);
  private static final ConntrackHelper FTP =
      new ConntrackHelper(
          UUID.randomUUID(),
          ROUTER,
          new HelperSpec(HelperCatalog.find("ftp", Protocol.TCP).orElseThrow(), 21),
          3,
          Instant.EPOCH,
          Instant.EPOCH);

  @Test
  void withoutPlacementItIsDown() {
    assertThat(statusOf())
        .isEqualTo(
            new HelperStatus(
                DOWN,
                "no node has a namespace of this router",
                "no node has a namespace of this router"));
  }

  @Test
  void provenEverywhereIsActive() {
    assertThat(statusOf(proven("a", BOTH), proven("b", BOTH)))
        .isEqualTo(new HelperStatus(ACTIVE, "", ""));
  }

  @Test
  void missingFamilyIsRemarkedAndNoError() {
    assertThat(statusOf(proven("a", BOTH), proven("b", EnumSet.of(IPV4))))
        .isEqualTo(
            new HelperStatus(
                ACTIVE,
                "IPv4 only: the kernel has no ftp helper for IPv6",
                "IPv4 only: the kernel has no ftp helper for IPv6"));
  }

  @Test
  void onePendingPlacementMakesItBuild() {
    assertThat(statusOf(proven("a", BOTH), pending("b")))
        .isEqualTo(
            new HelperStatus(
                BUILD, "being applied in 1 of 2 namespaces", "being applied in 1 of 2 namespaces"));
  }

  @Test
  void verdictOnAnOlderRevisionCountsAsPending() {
    Verdict old = new Verdict(FTP.id(), 2, true, BOTH, null, "");

    assertThat(statusOf(view("a", true, List.of(old), null)).state()).isEqualTo(BUILD);
  }

  /** It says nothing of this one, which may never have been in a kernel. */
  @Test
  void verdictOnANewerRevisionCountsAsPending() {
    Verdict newer = new Verdict(FTP.id(), 4, true, BOTH, null, "");

    assertThat(statusOf(view("a", true, List.of(newer), null)).state()).isEqualTo(BUILD);
  }

  @Test
  void verdictOnAnotherHelperDoesNotCount() {
    Verdict other = new Verdict(UUID.randomUUID(), 3, false, Set.of(), Reason.OVERRIDDEN, "x");

    assertThat(statusOf(view("a", true, List.of(other), null)).state()).isEqualTo(BUILD);
  }

  @Test
  void refusalBeatsPendingAndProven() {
    assertThat(statusOf(proven("a", BOTH), pending("b"), refused("c")))
        .isEqualTo(
            new HelperStatus(
                ERROR,
                "helper-not-in-kernel in namespace qrouter on node c: load the module",
                "helper-not-in-kernel"));
  }

  @Test
  void everyRefusalIsNamed() {
    assertThat(statusOf(refused("a"), refused("b")).reason()).contains("node a").contains("node b");
  }

  @Test
  void failureOfTheWholePlacementIsAnErrorUnlessTheHelperWasProvenBefore() {
    PlacementView failing = view("a", true, List.of(), Reason.NOT_PERMITTED);
    PlacementView failingLater =
        view("a", true, List.copyOf(proven("a", BOTH).verdicts().values()), Reason.NOT_PERMITTED);

    assertThat(statusOf(failing))
        .isEqualTo(
            new HelperStatus(
                ERROR, "not-permitted in namespace qrouter on node a: EPERM", "not-permitted"));
    assertThat(statusOf(failingLater).state()).isEqualTo(ACTIVE);
  }

  @Test
  void unreachablePlacementsAreCountedAndDecideNothing() {
    PlacementView away = view("b", false, List.copyOf(refused("b").verdicts().values()), null);

    assertThat(statusOf(proven("a", BOTH), away, away))
        .isEqualTo(
            new HelperStatus(
                ACTIVE,
                "2 namespaces are unreachable: the node is away",
                "2 namespaces are unreachable: the node is away"));
    assertThat(statusOf(away))
        .isEqualTo(
            new HelperStatus(
                DOWN,
                "1 namespace is unreachable: the node is away",
                "1 namespace is unreachable: the node is away"));
  }

  @Test
  void everybodyIsToldOfAWarningButNotWhereItIs() {
    Verdict warned = new Verdict(FTP.id(), 3, true, BOTH, null, "").warned("see table x");

    HelperStatus status = statusOf(view("a", true, List.of(warned), null));

    assertThat(status.reason()).isEqualTo("in namespace qrouter on node a: see table x");
    assertThat(status.publicReason()).isEqualTo("an administrator is shown a warning");
  }

  private static HelperStatus statusOf(PlacementView... views) {
    return HelperStatus.of(FTP, List.of(views));
  }

  private static DesiredHelper desired() {
    return new DesiredHelper(FTP.id(), FTP.revision(), FTP.spec());
  }

  private static PlacementView proven(String node, Set<AddressFamily> families) {
    return view(node, true, List.of(Verdict.proven(desired(), families)), null);
  }

  private static PlacementView refused(String node) {
    Verdict refused = Verdict.refused(desired(), Reason.HELPER_NOT_IN_KERNEL, "load the module");
    return view(node, true, List.of(refused), null);
  }

  private static PlacementView pending(String node) {
    return view(node, true, List.of(), null);
  }

  private static PlacementView view(
      String node, boolean alive, List<Verdict> verdicts, @Nullable Reason failure) {
    return new PlacementView(
        new Placement(ROUTER, new NodeId(UUID.randomUUID()), "qrouter"),
        node,
        alive,
        null,
        PlacementView.byHelper(verdicts),
        failure,
        failure == null ? "" : "EPERM",
        PlacementDrift.NONE);
  }
}
