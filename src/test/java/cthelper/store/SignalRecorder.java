package cthelper.store;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Hears the change signal as the reconciler does. */
@ApplicationScoped
public class SignalRecorder {

  private final List<RouterChanged> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger inDoubt = new AtomicInteger();

  void heard(@Observes(during = TransactionPhase.AFTER_SUCCESS) RouterChanged changed) {
    seen.add(changed);
  }

  public List<RouterChanged> seen() {
    return List.copyOf(seen);
  }

  void heard(@Observes WriteInDoubt doubt) {
    inDoubt.incrementAndGet();
  }

  /** How often nobody could tell what became of a write. */
  public int inDoubt() {
    return inDoubt.get();
  }

  public void forget() {
    seen.clear();
  }
}
