package cthelper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.DesiredState;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.Placement;
import cthelper.node.NodeExecutor;
import cthelper.reconcile.NodeConnections.Connection;
import cthelper.store.NodeSession;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Of several links to one node the one with the newest session is spoken to. */
class NodeConnectionsTest {

  private static final NodeId NODE = new NodeId(new UUID(0, 1));
  private static final NodeId OTHER = new NodeId(new UUID(0, 2));

  /** A link that only knows whether it was dismissed. */
  private static final class Link implements NodeExecutor {

    private boolean isDismissed;

    @Override
    public NodeIdentity identity() {
      return new NodeIdentity(NODE, "node-1", "6.18.44", Map.of());
    }

    @Override
    public UUID process() {
      return new UUID(0, 3);
    }

    @Override
    public void desire(Placement placement, DesiredState desired) {
      throw new UnsupportedOperationException("nothing is desired here");
    }

    @Override
    public void dismissed() {
      isDismissed = true;
    }
  }

  private final NodeConnections nodes = new NodeConnections();
  private final Link first = new Link();
  private final Link second = new Link();

  private static Connection connection(NodeId node, long session, Link link) {
    return new Connection(new NodeSession(node, session), link);
  }

  @Test
  void aNewerOneDismissesTheOlder() {
    nodes.add(connection(NODE, 1, first));
    nodes.add(connection(NODE, 2, second));
    assertThat(nodes.of(NODE)).containsSame(second);
    assertThat(first.isDismissed).isTrue();
    assertThat(second.isDismissed).isFalse();
  }

  @Test
  void anOlderOneThatComesLateIsDismissedItself() {
    nodes.add(connection(NODE, 2, second));
    nodes.add(connection(NODE, 1, first));
    assertThat(nodes.of(NODE)).containsSame(second);
    assertThat(first.isDismissed).isTrue();
    assertThat(second.isDismissed).isFalse();
  }

  @Test
  void theSameLinkMayBeginAgain() {
    nodes.add(connection(NODE, 1, first));
    nodes.add(connection(NODE, 2, first));
    assertThat(first.isDismissed).isFalse();
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
    assertThat(first.isDismissed).isFalse();
    nodes.dismiss(connection(NODE, 2, first));
    assertThat(first.isDismissed).isTrue();
  }

  /** It may have the newest session without knowing it, and asks for another one in a moment. */
  @Test
  void norWhileNobodyKnowsWhetherItHasBegun() {
    Connection older = connection(NODE, 1, first);
    nodes.add(older);
    nodes.begin(older);
    nodes.dismiss(older);
    nodes.dismiss(older);
    assertThat(first.isDismissed).isFalse();
    assertThat(nodes.of(NODE)).containsSame(first);
  }

  @Test
  void whatALinkHadBegunEndsWithIt() {
    Connection older = connection(NODE, 1, first);
    nodes.add(older);
    nodes.begin(older);
    nodes.remove(older);
    nodes.begin(older);
    nodes.add(older);
    nodes.dismiss(older);
    assertThat(first.isDismissed).isTrue();
  }

  @Test
  void oneThatBeginsAgainGivesWayToANewerOneHere() {
    Connection older = connection(NODE, 1, first);
    nodes.add(older);
    nodes.begin(older);
    nodes.add(connection(NODE, 2, second));
    assertThat(first.isDismissed).isTrue();
    assertThat(nodes.of(NODE)).containsSame(second);
  }

  @Test
  void oneThatIsNotKnownAnyMoreIsDismissedAlone() {
    Connection one = connection(NODE, 1, first);
    nodes.add(one);
    nodes.add(connection(OTHER, 2, second));
    nodes.dismiss(one);
    assertThat(nodes.ids()).containsExactly(OTHER);
    assertThat(first.isDismissed).isTrue();
    assertThat(second.isDismissed).isFalse();
  }
}
