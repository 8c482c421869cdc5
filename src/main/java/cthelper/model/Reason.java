package cthelper.model;

/**
 * Why something is not as desired: a closed set, one word each for metrics, logs and status.
 *
 * <p>{@link #canHeal} says whether trying again without any change of ours can help.
 */
public enum Reason {
  /** This kernel has no such helper, or its module is not loaded. */
  HELPER_NOT_IN_KERNEL("helper-not-in-kernel", true),
  /** The kernel refused this helper for another reason; the errno tells. */
  REFUSED_BY_KERNEL("refused-by-kernel", true),
  /** The namespace holds a table of another installation of this service; it is left alone. */
  FOREIGN_INSTALLATION("foreign-installation", true),
  /** A table of our name holds things that we did not make; it is left alone. */
  FOREIGN_TABLE("foreign-table", true),
  /** The namespace already held a newer desired state. */
  OLDER_FENCE("older-fence", false),
  /** EPERM: a capability is missing, or another program owns the table. */
  NOT_PERMITTED("not-permitted", true),
  /** ENOMEM, ENOBUFS, EAGAIN and the like: the machine is short of something. */
  MACHINE_SHORT_OF_RESOURCES("machine-short-of-resources", true),
  /** Another program changed the ruleset each time we tried. */
  CONTENDED("contended", true),
  /** The kernel said yes, but reading back showed something else. */
  READ_BACK_DIFFERS("read-back-differs", true),
  /** The name is there but cannot be entered. */
  NAMESPACE_NOT_ENTERABLE("namespace-not-enterable", true),
  /** Another program's earlier assignment wins for this port. */
  OVERRIDDEN("overridden", true),
  /** Two processes take turns with the id of this node: its data directory was copied. */
  DUPLICATE_NODE("duplicate-node", true),
  /** Anything else the kernel said; the errno tells. */
  KERNEL_ERROR("kernel-error", true);

  private final String code;
  private final boolean healing;

  Reason(String code, boolean healing) {
    this.code = code;
    this.healing = healing;
  }

  /** The word in logs, metrics and {@code status_reason}, for example {@code not-permitted}. */
  public String code() {
    return code;
  }

  public boolean canHeal() {
    return healing;
  }

  /** Whether it usually passes by itself within moments. */
  public boolean passes() {
    return switch (this) {
      case MACHINE_SHORT_OF_RESOURCES, CONTENDED, READ_BACK_DIFFERS, KERNEL_ERROR -> true;
      case HELPER_NOT_IN_KERNEL,
          REFUSED_BY_KERNEL,
          FOREIGN_INSTALLATION,
          FOREIGN_TABLE,
          OLDER_FENCE,
          NOT_PERMITTED,
          NAMESPACE_NOT_ENTERABLE,
          OVERRIDDEN,
          DUPLICATE_NODE ->
          false;
    };
  }

  /** Whether a table stands there that is not ours, so that nothing of ours can be there. */
  public boolean isOfAnothersTable() {
    return this == FOREIGN_INSTALLATION || this == FOREIGN_TABLE;
  }

  @Override
  public String toString() {
    return code;
  }
}
