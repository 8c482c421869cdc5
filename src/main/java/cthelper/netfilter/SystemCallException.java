package cthelper.netfilter;

/** A system call failed: which one, and the kernel's reason. */
public final class SystemCallException extends RuntimeException {

  private final String call;
  private final transient Errno errno;

  public SystemCallException(String call, Errno errno) {
    this.call = call;
    this.errno = errno;
  }

  /** The C function, for example {@code setns}. */
  public String call() {
    return call;
  }

  public Errno errno() {
    return errno;
  }

  /** {@code setns: EPERM (operation not permitted)}. */
  @Override
  public String getMessage() {
    return call + ": " + errno;
  }
}
