package cthelper.store;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hears the change signal as the reconciler does. */
@ApplicationScoped
public class SignalRecorder {

  private final List<RouterChanged> seen = new CopyOnWriteArrayList<>();

  void heard(@Observes(during = TransactionPhase.AFTER_SUCCESS) RouterChanged changed) {
    seen.add(changed);
  }

  public List<RouterChanged> seen() {
    return List.copyOf(seen);
  }

  public void forget() {
    seen.clear();
  }
}
