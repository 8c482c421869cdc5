package cthelper.executor;

import cthelper.model.Reason;
import cthelper.netfilter.Errno;

/** What a kernel error that concerns a whole transaction means for those who wait. Pure. */
final class KernelReasons {

  private KernelReasons() {}

  static Reason of(Errno errno) {
    return switch (errno.symbol()) {
      case "EPERM", "EACCES" -> Reason.NOT_PERMITTED;
      case "ENOMEM", "ENOBUFS", "EAGAIN", "EMFILE", "ENFILE", "ENOSPC", "EMSGSIZE" ->
          Reason.MACHINE_SHORT_OF_RESOURCES;
      case "ERESTART", "EBUSY" -> Reason.CONTENDED;
      default -> Reason.KERNEL_ERROR;
    };
  }
}
