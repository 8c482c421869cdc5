package cthelper.executor;

import static cthelper.executor.Plan.FTP;
import static cthelper.executor.Plan.TFTP;
import static cthelper.executor.Plan.fence;
import static cthelper.executor.Plan.helper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.executor.RecordedReports.Report;
import cthelper.executor.RecordedReports.Report.Appeared;
import cthelper.executor.RecordedReports.Report.Connected;
import cthelper.executor.RecordedReports.Report.Observed;
import cthelper.executor.RecordedReports.Report.Vanished;
import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Gone;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.node.NodeNamespace;
import cthelper.node.ReportingNode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a reconciler may rely on, whether the node has a real kernel or the simulated one of the
 * benchmarks and of the stream's tests.
 */
@Timeout(60)
abstract class ReportingNodeContract {

  private final RouterId router = RouterId.random();
  private final RecordedReports reports = new RecordedReports();

  /** One that is there, in the beginning with no namespace of a router. */
  abstract ReportingNode node();

  /** A new namespace of this router, {@code qrouter-<id>}; there may have been one before. */
  abstract void appear(RouterId router);

  /** The namespace goes. */
  abstract void vanish(RouterId router);

  private void connect() {
    node().connect(reports);
    reports.awaitOne(Connected.class, any -> true);
  }

  private Placement placement() {
    return new Placement(router, node().identity().id(), "qrouter-" + router);
  }

  private DesiredState desired(long number, DesiredHelper... helpers) {
    return new DesiredState(router, fence(number), List.of(helpers));
  }

  /** What the next answer says. */
  private ObservedState ask(DesiredState desired) {
    int before = reports.all(Observed.class).size();
    node().desire(placement(), desired);
    Observed answer = after(before, Observed.class);
    assertThat(answer.placement()).isEqualTo(placement());
    return answer.state();
  }

  private static Held held(long number, boolean changed, Verdict... verdicts) {
    return new Held(fence(number), Arrays.asList(verdicts), changed);
  }

  private Verdict proven(DesiredHelper helper) {
    Set<AddressFamily> families =
        node().identity().helpers().getOrDefault(helper.spec().type(), Set.of());
    assertThat(families).isNotEmpty();
    return Verdict.proven(helper, families);
  }

  private NodeNamespace appearing() {
    int before = reports.all(Appeared.class).size();
    appear(router);
    return after(before, Appeared.class).namespace();
  }

  /** The first report of this kind after so many. */
  private <T extends Report> T after(int before, Class<T> kind) {
    await().until(() -> reports.all(kind).size() > before);
    return reports.all(kind).get(before);
  }

  @Test
  void whatIsHereIsToldFirst() {
    appear(router);
    connect();

    assertThat(reports.all().getFirst())
        .isInstanceOfSatisfying(
            Connected.class,
            connected ->
                assertThat(connected.inventory())
                    .singleElement()
                    .satisfies(namespace -> {
                      assertThat(namespace.name()).isEqualTo("qrouter-" + router);
                      assertThat(namespace.router()).isEqualTo(router);
                      assertThat(namespace.adoptable()).isTrue();
                    }));
  }

  @Test
  void whatComesAndGoesIsTold() {
    connect();
    NodeNamespace namespace = appearing();
    vanish(router);

    assertThat(reports.awaitOne(Vanished.class, any -> true).namespace()).isEqualTo(namespace);
    assertThat(appearing().cookie()).isNotEqualTo(namespace.cookie());
  }

  @Test
  void eachHelperHasItsVerdict() {
    appear(router);
    connect();
    DesiredHelper ftp = helper(FTP, 21);
    DesiredHelper tftp = helper(TFTP, 69);

    assertThat(ask(desired(1, ftp, tftp))).isEqualTo(held(1, true, proven(ftp), proven(tftp)));
  }

  @Test
  void askedAgainNothingChanges() {
    appear(router);
    connect();
    DesiredHelper ftp = helper(FTP, 21);

    ask(desired(1, ftp));
    assertThat(ask(desired(1, ftp))).isEqualTo(held(1, false, proven(ftp)));
  }

  @Test
  void theNewestCounts() {
    appear(router);
    connect();
    DesiredHelper ftp = helper(FTP, 21);
    DesiredHelper tftp = helper(TFTP, 69);

    ask(desired(1, ftp));
    assertThat(ask(desired(3, tftp))).isEqualTo(held(3, true, proven(tftp)));
    assertThat(ask(desired(2, ftp))).isEqualTo(new Superseded(fence(2), fence(3)));
    assertThat(ask(desired(3, tftp))).isEqualTo(held(3, false, proven(tftp)));
  }

  @Test
  void nothingCanBeDesiredToo() {
    appear(router);
    connect();

    assertThat(ask(desired(1))).isEqualTo(held(1, false));
    ask(desired(2, helper(FTP, 21)));
    assertThat(ask(desired(3))).isEqualTo(held(3, true));
    assertThat(ask(desired(2, helper(FTP, 21)))).isEqualTo(new Superseded(fence(2), fence(3)));
  }

  @Test
  void whereNothingIsNothingIsHeld() {
    connect();

    assertThat(ask(desired(1, helper(FTP, 21)))).isEqualTo(new Gone());
  }

  /** Maybe it does already: a node may remember what the last one of the name held. */
  @Test
  void theNextOfTheNameIsMadeToHoldItAgain() {
    connect();
    appearing();
    DesiredHelper ftp = helper(FTP, 21);
    ask(desired(2, ftp));
    vanish(router);
    reports.awaitOne(Vanished.class, any -> true);

    assertThat(ask(desired(3, ftp))).isEqualTo(new Gone());
    appearing();
    assertThat(ask(desired(3, ftp))).isIn(held(3, true, proven(ftp)), held(3, false, proven(ftp)));
  }

  @Test
  void onlyTheLastReconcilerIsTold() {
    connect();
    RecordedReports next = new RecordedReports();
    node().connect(next);
    next.awaitOne(Connected.class, any -> true);
    int before = reports.all().size();

    appear(router);
    next.awaitOne(Appeared.class, any -> true);
    node().disconnect(reports); // not the one that is told
    node().desire(placement(), desired(1, helper(FTP, 21)));
    next.awaitOne(Observed.class, any -> true);

    assertThat(reports.all()).hasSize(before);
  }
}
