package cthelper.testing;

/** What the heap of this process holds. */
public final class Heap {

  private Heap() {}

  /** Bytes still in use after a collection. */
  public static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      runtime.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
