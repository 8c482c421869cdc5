package cthelper.api;

import cthelper.auth.Caller;
import cthelper.model.ConntrackHelper;
import cthelper.model.Fence;
import cthelper.model.NodeId;
import cthelper.model.Quoted;
import cthelper.model.Router;
import cthelper.model.RouterId;
import cthelper.networking.RemoteRouter;
import org.jboss.logging.Logger;

/**
 * One INFO line for each write that was committed, with who made it: the user and the project the
 * token was for. The request's id stands in the log format.
 */
final class AcceptedWrites {

  private static final Logger LOG = Logger.getLogger(AcceptedWrites.class);

  private AcceptedWrites() {}

  /**
   * For example {@code conntrack helper created: router=5c9e… helper=6f1c… protocol=tcp port=21
   * type=ftp revision=1 fence=1.42 by=4f0c… of=9a1d…}.
   *
   * @param what {@code created}, {@code updated} or {@code deleted}
   */
  static void helper(String what, ConntrackHelper helper, Fence fence, Caller caller) {
    LOG.infof(
        "conntrack helper %s: router=%s helper=%s protocol=%s port=%d type=%s revision=%d fence=%s %s",
        what,
        helper.router(),
        helper.id(),
        helper.spec().protocol(),
        helper.spec().port(),
        helper.spec().type().name(),
        helper.revision(),
        fence,
        by(caller));
  }

  static void routerCreated(Router router, Fence fence, Caller caller) {
    LOG.infof(
        "router created: router=%s project=%s name=%s fence=%s %s",
        router.id(), Quoted.of(router.projectId()), Quoted.of(router.name()), fence, by(caller));
  }

  static void routerLearned(RemoteRouter router) {
    LOG.infof(
        "router learned from the Networking service: router=%s project=%s name=%s",
        router.id(), Quoted.of(router.projectId()), Quoted.of(router.name()));
  }

  static void routerUpdated(Router router, Caller caller) {
    LOG.infof(
        "router updated: router=%s name=%s revision=%d %s",
        router.id(), Quoted.of(router.name()), router.revision(), by(caller));
  }

  static void agentDeleted(NodeId node, Caller caller) {
    LOG.infof("agent deleted: id=%s %s", node, by(caller));
  }

  static void routerDeleted(RouterId router, Fence fence, Caller caller) {
    LOG.infof("router deleted: router=%s fence=%s %s", router, fence, by(caller));
  }

  private static String by(Caller caller) {
    return "by=" + Quoted.of(caller.userId()) + " of=" + Quoted.of(caller.projectId());
  }
}
