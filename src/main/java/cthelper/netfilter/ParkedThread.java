package cthelper.netfilter;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * An operating-system thread that waits in an empty network namespace of its own, visits others for
 * an errand, and ends itself rather than act from the wrong one.
 *
 * <p>It does not wait in the host's namespace because inside a user namespace a thread that left
 * that one cannot come home. Errands run one after the other; callers wait for theirs.
 */
final class ParkedThread {

  private static final Logger LOG = Logger.getLogger(ParkedThread.class);
  private static final String OWN_NAMESPACE = "/proc/thread-self/ns/net";

  private final SystemCalls calls;
  private final LinkedBlockingQueue<Runnable> errands = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> parking = new CompletableFuture<>();
  private volatile boolean leaving;

  /**
   * Starts the thread and waits until it is parked.
   *
   * @throws SystemCallException when it may not park: EPERM without CAP_SYS_ADMIN
   */
  ParkedThread(SystemCalls calls) {
    this.calls = calls;
    Thread.ofPlatform().daemon().name("namespace-door").start(this::run);
    await(parking);
  }

  /** Whether it takes errands; once it does not it never will again. */
  boolean isParked() {
    return !leaving;
  }

  /** Runs the errand on the thread, in the parking namespace. */
  <T> T run(Supplier<T> errand) {
    CompletableFuture<T> result = new CompletableFuture<>();
    errands.add(() -> {
      try {
        result.complete(errand.get());
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    });
    return await(result);
  }

  /**
   * Runs the visit in the namespace of this descriptor and comes back, whatever happened there.
   * Only for errands. A thread that cannot come back is no longer parked, and ends.
   *
   * @throws SystemCallException of setns(2), or of the visit
   */
  <T> T visit(int namespace, Supplier<T> visit) {
    calls.setns(namespace, Linux.CLONE_NEWNET);
    try {
      return visit.get();
    } finally {
      comeBack();
    }
  }

  /** Lets the thread end after the errands it has. */
  void leave() {
    errands.add(() -> leaving = true);
  }

  private void comeBack() {
    try {
      calls.setns(parking.join(), Linux.CLONE_NEWNET);
    } catch (SystemCallException e) {
      leaving = true;
      LOG.warnf("a thread could not leave a network namespace and ends: %s", e.getMessage());
    }
  }

  private void run() {
    try {
      calls.unshare(Linux.CLONE_NEWNET);
      parking.complete(calls.open(OWN_NAMESPACE, Linux.O_RDONLY | Linux.O_CLOEXEC));
    } catch (Throwable e) {
      leaving = true;
      parking.completeExceptionally(e);
      return;
    }
    while (!leaving) {
      next().run();
    }
    calls.close(parking.join());
  }

  /** Ignores interruption, which nobody has a reason for: a caller may wait for the next errand. */
  private Runnable next() {
    Runnable errand = null;
    while (errand == null) {
      try {
        errand = errands.take();
      } catch (InterruptedException e) {
        LOG.debug("interrupted while parked", e);
      }
    }
    return errand;
  }

  private static <T> T await(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
