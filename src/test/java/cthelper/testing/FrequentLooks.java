package cthelper.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Makes every waiting test look at once and then every few milliseconds; Awaitility by itself first
 * looks after a tenth of a second, and as rarely from then on. Found by its name in {@code
 * META-INF/services}.
 */
public final class FrequentLooks implements LauncherSessionListener {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(BETWEEN_LOOKS);
  }
}
