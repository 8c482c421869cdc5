package cthelper.netfilter;

/**
 * Why the kernel refused something.
 *
 * @param text the kernel's own words, or what the number means
 */
public record KernelRefusal(Errno errno, String text) {

  static KernelRefusal of(Errno errno, String kernelText) {
    return new KernelRefusal(errno, kernelText.isEmpty() ? errno.text() : kernelText);
  }

  /** {@code ENOENT: no such thing}. */
  @Override
  public String toString() {
    return errno.symbol() + ": " + text;
  }
}
