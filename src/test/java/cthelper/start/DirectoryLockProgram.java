package cthelper.start;

import cthelper.config.DataDirectory;
import cthelper.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;

/** Locks the data directory it is given, says how that went, and keeps it. */
final class DirectoryLockProgram {

  private DirectoryLockProgram() {}

  public static void main(String... arguments) throws IOException {
    try (DirectoryLock held = DirectoryLock.take(new DataDirectory(Path.of(arguments[1])))) {
      ChildJvm.say(arguments[0], "taken " + (held != null), System.in);
    } catch (StartRefused e) {
      ChildJvm.say(arguments[0], String.join("; ", e.lines()), System.in);
    }
  }
}
