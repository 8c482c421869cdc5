package cthelper.netfilter;

/** What came of taking removed helpers off live connections, see {@link HelperRevocation}. */
public sealed interface Revocation {

  /**
   * No connection that was there carries one of them any more, nor awaits others because of it.
   *
   * @param detached connections that go on without helper
   * @param deleted connections that had inherited a helper, and that connection tracking has
   *     forgotten
   */
  record Done(int detached, int deleted) implements Revocation {

    /** How many connections carried a removed helper. */
    public int connections() {
      return detached + deleted;
    }
  }

  /**
   * Some connections may still carry one; trying again is harmless.
   *
   * @param detail for a person: which step failed, and why
   */
  record Failed(Errno errno, String detail) implements Revocation {}
}
