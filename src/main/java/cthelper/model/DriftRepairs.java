package cthelper.model;

/**
 * Changes of our table that nobody asked for and that were repaired, since the last report.
 *
 * @param count 1 and up
 * @param what the last one of them, for example {@code deleted table}
 * @param program who made it, as the kernel names its thread; untrusted text of at most 15
 *     characters, empty when unknown
 * @param pid of the process; 0 when unknown
 */
public record DriftRepairs(int count, String what, String program, long pid) {

  public DriftRepairs {
    if (count < 1) {
      throw new IllegalArgumentException("no drift to report");
    }
  }
}
