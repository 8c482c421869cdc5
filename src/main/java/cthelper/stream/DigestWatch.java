package cthelper.stream;

/**
 * When a reconciler asks a node for its whole inventory, because what it has written down is not
 * what the node has told: at once, but less and less often where that does not help, which is a bug
 * and not to cost more than that. Counted in pulses. An inventory that could not be written down is
 * asked for again after a second, then two, up to {@link #LONGEST_LOSS}. Thread-safe.
 */
final class DigestWatch {

  private static final int UNTIL_ASKED_AGAIN = 3;
  private static final int LONGEST_PAUSE = 64;
  private static final int LONGEST_LOSS = 5;

  private int waiting;
  private int pause;
  private int lost; // inventories in a row
  private int secondsLeft; // none when no inventory is lost

  /** A pulse came; whether to ask. */
  synchronized boolean wantsInventory(long told, long written) {
    if (told == written) {
      waiting = 0;
      pause = 0;
      return false;
    }
    return wantsInventoryAtOnce();
  }

  /** Something was lost for sure; whether to ask, maybe before the next pulse. */
  synchronized boolean wantsInventoryAtOnce() {
    if (waiting > 0) {
      waiting--;
      return false;
    }
    waiting = UNTIL_ASKED_AGAIN;
    return true;
  }

  /** A second has passed; whether to ask, which is said again if nothing comes. */
  synchronized boolean wantsLostInventory() {
    if (secondsLeft == 0 || --secondsLeft > 0) {
      return false;
    }
    secondsLeft = LONGEST_LOSS;
    return true;
  }

  /** It came, asked for or not. */
  synchronized void inventoryCame(boolean wasWrittenDown) {
    lost = wasWrittenDown ? 0 : Math.min(LONGEST_LOSS, lost + 1);
    secondsLeft = lost;
    if (wasWrittenDown) {
      waiting = pause;
      pause = Math.min(LONGEST_PAUSE, Math.max(1, 2 * pause));
    } else {
      waiting = 0;
    }
  }
}
