package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.LATER;
import static cthelper.store.Fixture.connect;
import static cthelper.store.Fixture.desired;
import static cthelper.store.Fixture.made;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.node;
import static cthelper.store.Fixture.qrouter;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.AddressFamily;
import cthelper.model.NodeId;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.store.Fixture.Made;
import cthelper.testing.NodeSessions;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Which answers of nodes a crashing database may forget, since it does not make anybody wait for
 * its disk: those after which the API says less than is true, and that are asked for again.
 */
@QuarkusTest
class WhatMayBeLostTest {

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;
  @Inject Statements statements;

  private final RouterId router = RouterId.random();
  private final NodeId node = node();
  private Made made;
  private Placement placement;

  @BeforeEach
  void aPlacementThatIsBehind() {
    routers.create(List.of(newRouter(router)));
    connect(placements, node, qrouter(router, 1));
    made = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    placement = placements.due(List.of(node), 1).getFirst().placement();
  }

  @Test
  void theProofOfANewerStateMay() {
    assertThat(commitAfter(held(proven()))).isEqualTo("off");
  }

  @Test
  void anotherAnswerAboutTheSameStateMayNot() {
    NodeSessions.record(placements, placement, held(proven()), LATER);

    assertThat(commitAfter(held(proven()))).isEqualTo("on");
    assertThat(commitAfter(held(refused()))).isEqualTo("on");
  }

  @Test
  void aRefusalMayNot() {
    assertThat(commitAfter(held(refused()))).isEqualTo("on");
  }

  /**
   * The one that was proven before may have worked for both address families, without a warning.
   */
  @Test
  void aProofThatIsWorthLessMayNot() {
    assertThat(commitAfter(held(proven().warned("may come first")))).isEqualTo("on");
  }

  @Test
  void aProofForOneAddressFamilyMayNot() {
    Verdict half = Verdict.proven(desired(made.helper()), EnumSet.of(AddressFamily.IPV4));
    assertThat(commitAfter(held(half))).isEqualTo("on");
  }

  @Test
  void aFailureMayNot() {
    assertThat(commitAfter(new ObservedState.Failed(made.fence(), Reason.CONTENDED, "busy")))
        .isEqualTo("on");
  }

  /** How the transaction would be committed that writes this down. */
  private String commitAfter(ObservedState state) {
    return QuarkusTransaction.requiringNew()
        .call(() -> {
          statements.find("SELECT set_config('synchronous_commit', 'on', true)", row -> true);
          NodeSessions.record(placements, placement, state, LATER);
          return statements.find("SHOW synchronous_commit", row -> row.getString(1)).orElseThrow();
        });
  }

  private ObservedState held(Verdict verdict) {
    return new ObservedState.Held(made.fence(), List.of(verdict), true);
  }

  private Verdict proven() {
    return Verdict.proven(desired(made.helper()), EnumSet.allOf(AddressFamily.class));
  }

  private Verdict refused() {
    return Verdict.refused(desired(made.helper()), Reason.HELPER_NOT_IN_KERNEL, "no module");
  }
}
