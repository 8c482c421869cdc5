package cthelper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.NodeId;
import cthelper.reconcile.NodeConnections.Connection;
import cthelper.store.NodeSession;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Of several links to one node the one with the newest session is spoken to. */
class NodeConnectionsTest {

  private static final NodeId NODE = new NodeId(new UUID(0, 1));
  private static final NodeId OTHER = new NodeId(new UUID(0, 2));

  private final NodeConnections nodes = new NodeConnections();
  private final RecordedLink first = new RecordedLink(NODE);
  private final RecordedLink second = new RecordedLink(NODE);

  private static Connection connection(NodeId node, long session, RecordedLink link) {
    return new Connection(new NodeSession(node, session), link);
  }

  @Test
  void aNewerOneDismissesTheOlder() {
    nodes.add(connection(NODE, 1, first));
    nodes.add(connection(NODE, 2, second));
    assertThat(nodes.of(NODE)).containsSame(second);
    assertThat(first.isDismissed()).isTrue();
    assertThat(second.isDismissed()).isFalse();
  }

  @Test
  void anOlderOneThatComesLateIsDismissedItself() {
    nodes.add(connection(NODE, 2, second));
    nodes.add(connection(NODE, 1, first));
    assertThat(nodes.of(NODE)).containsSame(second);
    assertThat(first.isDismissed()).isTrue();
    assertThat(second.isDismissed()).isFalse();
  }

  @Test
  void theSameLinkMayBeginAgain() {
    nodes.add(connection(NODE, 1, first));
    nodes.add(connection(NODE, 2, first));
    assertThat(first.isDismissed()).isFalse();
    assertThat(nodes.all()).containsExactly(connection(NODE, 2, first));
  }

  @Test
  void theEndOfAnOlderOneEndsNothingNewer() {
    Connection older = connection(NODE, 1, first);
    nodes.add(older);
    nodes.add(connection(NODE, 2, second));
    nodes.remove(older);
    assertThat(nodes.of(NODE)).containsSame(second);
  }

  /** Who found the older session outdated may have asked before the newer one was known here. */
  @Test
  void aLinkThatBeginsAgainIsNotDismissedForItsOlderSession() {
    Connection older = connection(NODE, 1, first);
    nodes.add(older);

    nodes.begin(older);
    nodes.dismiss(older);
    assertThat(nodes.of(NODE)).containsSame(first);
    nodes.add(connection(NODE, 2, first));
    nodes.dismiss(older);

    assertThat(nodes.of(NODE)).containsSame(first);
    assertThat(first.isDismissed()).isFalse();
    nodes.dismiss(connection(NODE, 2, first));
    assertThat(first.isDismissed()).isTrue();
  }

  /**
   * A database that was restored, or has lost its last commits, draws numbers that it had drawn.
   */
  @Test
  void whatALinkHasDrawnLastCountsAlsoWhenItIsLower() {
    Connection older = connection(NODE, 100, first);
    nodes.add(older);
    nodes.begin(older);
    nodes.dismiss(older);
    nodes.add(connection(NODE, 41, first));
    assertThat(first.isDismissed()).isFalse();
    assertThat(nodes.all()).containsExactly(connection(NODE, 41, first));
  }

  @Test
  void oneThatIsNotKnownAnyMoreIsDismissedAlone() {
    Connection one = connection(NODE, 1, first);
    nodes.add(one);
    nodes.add(connection(OTHER, 2, second));
    nodes.dismiss(one);
    assertThat(nodes.ids()).containsExactly(OTHER);
    assertThat(first.isDismissed()).isTrue();
    assertThat(second.isDismissed()).isFalse();
  }
}
