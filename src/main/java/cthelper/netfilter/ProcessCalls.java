package cthelper.netfilter;

/**
 * The seam to Linux for what a process may do and becomes, beside {@link SystemCalls}: C library
 * functions under their own names. Every failure is a {@link SystemCallException}.
 *
 * <p>{@link #capset} and {@link #prctl} change the calling operating-system thread and those it
 * starts later, no others; {@link #execve} makes what the calling thread has that of the whole
 * process. Source: section 2 of the manual pages, {@code capabilities(7)}.
 */
public interface ProcessCalls {

  /** {@code capset(2)}: sets of bits. */
  void capset(long effective, long permitted, long inheritable);

  /** {@code prctl(2)}; arguments beyond these are 0. */
  void prctl(int option, long second, long third);

  /** {@code fcntl(2)} with an int. */
  void fcntl(int descriptor, int command, int argument);

  /**
   * {@code execve(2)}: the process becomes this program; returns only to fail. All other threads
   * end at once, no shutdown hook runs.
   *
   * @param arguments strings that each end with a zero octet, as in {@code /proc/self/cmdline}
   * @param environment the same, as in {@code /proc/self/environ}
   */
  void execve(String program, byte[] arguments, byte[] environment);
}
