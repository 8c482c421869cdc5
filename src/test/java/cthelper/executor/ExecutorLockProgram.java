package cthelper.executor;

import cthelper.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Takes the executor's lock of the directory it is given, says how that went, and keeps it. */
final class ExecutorLockProgram {

  private ExecutorLockProgram() {}

  public static void main(String... arguments) throws IOException {
    Optional<ExecutorLock> lock = ExecutorLock.tryTake(Path.of(arguments[1]));
    ChildJvm.say(arguments[0], lock.isPresent() ? "taken" : "refused", System.in);
    if (lock.isPresent()) {
      lock.get().close();
    }
  }
}
