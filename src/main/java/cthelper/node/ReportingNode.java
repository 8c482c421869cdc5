package cthelper.node;

/** The node itself, which reports to one reconciler at a time. */
public interface ReportingNode extends NodeExecutor {

  /**
   * From now on this reconciler is told what is here, beginning with the whole inventory, and no
   * other one; it may desire. With the one that is told already: everything is told again. Returns
   * at once.
   */
  void connect(NodeReports reconciler);

  /** This reconciler cannot be told any more; nothing happens if another one is told by now. */
  void disconnect(NodeReports reconciler);
}
