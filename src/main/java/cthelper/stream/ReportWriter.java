package cthelper.stream;

import cthelper.model.NodeId;
import cthelper.model.Quoted;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeReports;
import cthelper.stream.wire.FromNode;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Has written down what one node tells, one report after the other, and knows what of it was not.
 * Thread-safe.
 */
final class ReportWriter {

  private static final Logger LOG = Logger.getLogger(ReportWriter.class);

  private final NodeExecutor node;
  private final NodeReports reports;
  private final Runnable whenLost;
  private final Ledger written = new Ledger();
  private final Lock writing = new ReentrantLock();
  private boolean inTrouble;
  private boolean isIncomplete;
  private volatile boolean ended;

  /**
   * @param node who tells; its text names it in logs
   * @param whenLost told, on the thread of a report that was written down, that an earlier one was
   *     not which the node's inventory would bring; does not block
   */
  ReportWriter(NodeExecutor node, NodeReports reports, Runnable whenLost) {
    this.node = node;
    this.reports = reports;
    this.whenLost = whenLost;
  }

  /** Of what was written down, to be compared with what the node has told. */
  long digest() {
    return written.digest();
  }

  /**
   * Whether it was written down; if not, the digests will differ, but for an inventory of what was
   * known before. The first report that is, after one that was not, tells of that: there may be no
   * other for a while.
   *
   * @throws MalformedMessage when it makes no sense
   */
  boolean write(FromNode message) {
    writing.lock();
    try {
      if (ended) {
        return false;
      }
      WireReports.tell(reports, node, message);
      written.add(message);
      if (inTrouble) {
        inTrouble = false;
        LOG.infof("reports are taken again %s", node);
      }
      boolean isLost = isIncomplete && !message.hasInventory();
      isIncomplete = false;
      if (isLost) {
        whenLost.run();
      }
      return true;
    } catch (MalformedMessage e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.logf(
          inTrouble ? Logger.Level.DEBUG : Logger.Level.WARN,
          "report not taken %s: %s; it will be asked for again",
          node,
          Quoted.of(e));
      inTrouble = true;
      isIncomplete |= !message.hasDrifted() && !message.hasUnclaimed();
      return false;
    } finally {
      writing.unlock();
    }
  }

  /** The last word: that it went. Waits for a report that is being written down. */
  void disconnected(NodeId id) {
    ended = true;
    writing.lock();
    try {
      reports.disconnected(id);
    } catch (RuntimeException e) {
      LOG.debugf(e, "not written down that a node went; its lease will run out %s", node);
    } finally {
      writing.unlock();
    }
  }

  /** Nothing is written down any more, but for a report that is just being. Does not wait. */
  void close() {
    ended = true;
  }
}
