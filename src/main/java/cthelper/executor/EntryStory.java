package cthelper.executor;

import cthelper.model.Quoted;
import cthelper.model.Reason;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * Tells in the log which names cannot be entered and when that is over, each once. A directory full
 * of them does not fill the log: beyond some, only DEBUG has them. Belongs on one thread.
 */
final class EntryStory {

  private static final Logger LOG = Logger.getLogger(EntryStory.class);
  private static final int MOST_NAMED = 20;

  /** What was said of a name. */
  private record Complaint(String why, boolean loud) {}

  private final Map<String, Complaint> complaints = new HashMap<>();
  private boolean manySaid;

  /** It was tried for a while; it will be tried again. */
  void cannotEnter(String name, String why) {
    Complaint before = complaints.get(name);
    if (before != null && before.why.equals(why)) {
      return;
    }
    boolean loud = before != null ? before.loud : complaints.size() < MOST_NAMED;
    complaints.put(name, new Complaint(why, loud));
    LOG.logf(
        loud ? Level.WARN : Level.DEBUG,
        "namespace cannot be entered namespace=%s reason=%s detail=%s; it is looked at again when"
            + " something is mounted, and every minute",
        name,
        Reason.NAMESPACE_NOT_ENTERABLE,
        Quoted.of(why));
    if (!loud && !manySaid) {
      manySaid = true;
      LOG.warnf("more than %d names cannot be entered; the others are told at DEBUG", MOST_NAMED);
    }
  }

  void entered(String name) {
    over(name, "namespace entered after all namespace=%s");
  }

  void vanished(String name) {
    over(name, "name gone that could not be entered namespace=%s");
  }

  private void over(String name, String words) {
    Complaint said = complaints.remove(name);
    if (said != null) {
      LOG.logf(said.loud ? Level.INFO : Level.DEBUG, words, name);
    }
    manySaid &= !complaints.isEmpty();
  }
}
