package cthelper.stream;

/**
 * When a reconciler asks a node for its whole inventory, because what it has written down is not
 * what the node has told: at once, but less and less often where that does not help, which is a bug
 * and not to cost more than that. Counted in pulses. Not thread-safe.
 */
final class DigestWatch {

  private static final int UNTIL_ASKED_AGAIN = 3;
  private static final int LONGEST_PAUSE = 64;

  private int waiting;
  private int pause;

  /** A pulse came; whether to ask. */
  boolean wantsInventory(long told, long written) {
    if (told == written) {
      waiting = 0;
      pause = 0;
      return false;
    }
    return wantsInventoryAtOnce();
  }

  /** Something was lost for sure; whether to ask, maybe before the next pulse. */
  boolean wantsInventoryAtOnce() {
    if (waiting > 0) {
      waiting--;
      return false;
    }
    waiting = UNTIL_ASKED_AGAIN;
    return true;
  }

  /** It came, asked for or not. */
  void inventoryCame(boolean wasWrittenDown) {
    if (wasWrittenDown) {
      waiting = pause;
      pause = Math.min(LONGEST_PAUSE, Math.max(1, 2 * pause));
    } else {
      waiting = 0;
    }
  }
}
